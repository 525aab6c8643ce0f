package io.middleware.chaos.stack;

import java.util.ArrayList;
import java.util.List;

/**
 * How many parts of a kind a stack has, and how long its servers work.
 *
 * @param work {@code HELLO_WORK}, as {@code ./stack up} got it; empty when it did not
 */
public record StackSize(int gateways, int primaries, int secondaries, String work) {

    private static final StackSize USUAL = new StackSize(2, 3, 1, "2ms");

    public static StackSize of(Parts parts, String work) {
        return new StackSize(
                parts.gateways().size(),
                parts.primaries().size(),
                parts.secondaries().size(),
                work);
    }

    /**
     * Refuses a stack in which calls have to be lost when something fails, as there is nobody else.
     *
     * @throws Stack.StackException if this is one
     */
    public void require(int gateways, int primaries, int secondaries) {
        if (this.gateways < gateways || this.primaries < primaries || this.secondaries < secondaries) {
            throw new Stack.StackException(
                    "This takes at least " + parts(gateways, primaries, secondaries) + "; there are "
                            + parts(this.gateways, this.primaries, this.secondaries)
                            + ".\n./stack down && HELLO_WORK=2ms ./stack up makes what is usual.");
        }
    }

    /** What is not as it is for the figures of docs/failover.md, in words; empty when all is. */
    public List<String> differences() {
        List<String> differences = new ArrayList<>();
        differ(differences, gateways(gateways), gateways(USUAL.gateways));
        differ(differences, primaries(primaries), primaries(USUAL.primaries));
        differ(differences, secondaries(secondaries), secondaries(USUAL.secondaries));
        differ(differences, "HELLO_WORK=" + (work.isEmpty() ? "0ms" : work), "HELLO_WORK=" + USUAL.work);
        return differences;
    }

    private static void differ(List<String> differences, String is, String usual) {
        if (!is.equals(usual)) {
            differences.add(is + " instead of " + usual);
        }
    }

    private static String parts(int gateways, int primaries, int secondaries) {
        return gateways(gateways) + ", " + primaries(primaries) + " and " + secondaries(secondaries);
    }

    private static String gateways(int number) {
        return number + (number == 1 ? " gateway" : " gateways");
    }

    private static String primaries(int number) {
        return number + (number == 1 ? " primary" : " primaries");
    }

    private static String secondaries(int number) {
        return number + (number == 1 ? " secondary" : " secondaries");
    }
}
