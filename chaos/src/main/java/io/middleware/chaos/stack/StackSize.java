package io.middleware.chaos.stack;

import java.util.ArrayList;
import java.util.List;

/**
 * How many parts of each kind a stack has, and how long its servers work on a call.
 *
 * @param work {@code HELLO_WORK} of {@code ./stack up}; empty when it was not set
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
     * Refuses a stack that is too small: where a part has no substitute, its failure must lose calls.
     *
     * @throws Stack.StackException if a kind has too few parts
     */
    public void require(int gateways, int primaries, int secondaries) {
        if (this.gateways < gateways || this.primaries < primaries || this.secondaries < secondaries) {
            throw new Stack.StackException(
                    "This needs at least " + parts(gateways, primaries, secondaries) + "; there are "
                            + parts(this.gateways, this.primaries, this.secondaries)
                            + ".\nTo start the usual stack: ./stack down && HELLO_WORK=2ms ./stack up");
        }
    }

    /** Returns in which ways the stack differs from the one measured in docs/failover.md. */
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
