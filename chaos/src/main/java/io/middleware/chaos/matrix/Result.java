package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.report.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a fault did to callers, and which goals were missed. Times in microseconds.
 *
 * @param calls     the idempotent ones
 * @param signatures those without an idempotency key
 * @param keyed     those with one
 * @param avoided   time from the fault until every gateway avoided the broken servers; empty when one was still in use
 * @param usedAgain time from the mending until the mended parts had responded to a call; empty when none had to
 * @param recording all calls, for a picture
 */
record Result(
        Fault fault,
        Window calls,
        Signatures signatures,
        Signatures keyed,
        Fallbacks fallbacks,
        OptionalLong avoided,
        OptionalLong usedAgain,
        Overload overload,
        Recording recording)
        implements Row {

    /** In these rows the servers, or their database, refuse all that is signed. */
    private static final Set<Integer> UNSIGNED = Set.of(15, 17, 18);

    /** In these rows servers refuse calls themselves, and their errors do not say what ran. */
    private static final Set<Integer> REFUSING = Set.of(15, 16, 17);

    /** Counts the failed calls, except those refused under overload or failed by the server where that is the fault. */
    int lost() {
        return calls.lost().count() - overload.refused() - failedByServer();
    }

    /** Counts the calls that got the server's own error, which is never retried; 0 where that is not the fault. */
    int failedByServer() {
        return fault.goal().failingShare() == 0
                ? 0
                : (int) calls.lost().calls().stream().filter(Result::isInternal).count();
    }

    /** Returns how a call that failed is drawn: lost, unless the fault allows its failure. */
    Mark mark(CallRecord failed) {
        if (fault.goal().servedPerSecond() > 0 && Overload.isRefused(failed)
                || fault.goal().failingShare() > 0 && isInternal(failed)) {
            return Mark.REFUSED;
        }
        return failed.kind() == Kind.SIGN ? Mark.IN_DOUBT : Mark.LOST;
    }

    private static boolean isInternal(CallRecord call) {
        String error = call.reply().error();
        return error.startsWith("INTERNAL") || error.startsWith("500");
    }

    /** Returns the latency of the slowest call, less that of the run without a fault; 0 if it is not longer. */
    long aboveNormal(Result normal) {
        return Math.max(0, calls.slowest() - normal.calls.slowest());
    }

    /**
     * Returns whether a call was lost, ran twice, or succeeded without being executed: none of these may ever
     * happen.
     */
    boolean broken() {
        return lost() > 0 || lostWithKeys() > 0 || anyWrong(signatures) || anyWrong(keyed);
    }

    private static boolean anyWrong(Signatures signed) {
        return signed.ranTwice() > 0 || signed.missing() > 0;
    }

    /** Counts the failed calls with a key; 0 where the fault allows their failure. */
    int lostWithKeys() {
        return UNSIGNED.contains(fault.number()) ? 0 : keyed.lost();
    }

    /** Returns the calls that {@link #lostWithKeys} counts. */
    List<CallRecord> lostSignatures() {
        return lostWithKeys() == 0
                ? List.of()
                : recording.window().ofKind(Kind.KEYED).lost().calls();
    }

    /** Returns the goals that were missed. */
    List<String> shortOf(Result normal) {
        return shortOf(normal, Texts.ENGLISH);
    }

    List<String> shortOf(Result normal, Texts texts) {
        List<String> shortOf = new ArrayList<>();
        add(shortOf, texts, "miss.lost", lost());
        add(shortOf, texts, "miss.lost-with-keys", lostWithKeys());
        add(shortOf, texts, "miss.twice", signatures.ranTwice() + keyed.ranTwice());
        add(shortOf, texts, "miss.missing", signatures.missing() + keyed.missing());
        if (!REFUSING.contains(fault.number())) {
            add(shortOf, texts, "miss.unreported", signatures.unreported());
        }
        add(shortOf, texts, "miss.unlabelled", fallbacks.unlabelled());
        Fault.Goal goal = fault.goal();
        if (goal.bySecondary() && fallbacks.responses() == 0) {
            shortOf.add(texts.of("miss.no-secondary"));
        }
        if (goal.aboveNormalMillis() > 0 && aboveNormal(normal) > goal.aboveNormalMillis() * 1_000) {
            shortOf.add(texts.of("miss.slow", goal.aboveNormalMillis()));
        }
        if (goal.p999Millis() > 0 && calls.percentile(99.9) > goal.p999Millis() * 1_000) {
            shortOf.add(texts.of("miss.p999", goal.p999Millis()));
        }
        if (goal.attemptsPerCall() > 0 && calls.attemptsPerCall() >= goal.attemptsPerCall()) {
            shortOf.add(texts.of("miss.attempts", goal.attemptsPerCall()));
        }
        if (failedByServer() > goal.failingShare() * calls.count()) {
            shortOf.add(texts.of("miss.failing", Math.round(100 * goal.failingShare())));
        }
        if (goal.servedPerSecond() > 0) {
            shortOf.addAll(overload.shortOf(goal, texts));
        }
        return shortOf;
    }

    private static void add(List<String> shortOf, Texts texts, String key, int calls) {
        if (calls > 0) {
            shortOf.add(texts.of(key, calls));
        }
    }
}
