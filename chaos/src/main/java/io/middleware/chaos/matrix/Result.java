package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a fault did to callers, and which goals were missed. Times in microseconds.
 *
 * @param calls     the idempotent ones
 * @param avoided   time from the fault until every gateway avoided the broken servers; empty when one was still in use
 * @param usedAgain time from the mending until the mended parts had responded to a call; empty when none had to
 */
record Result(
        Fault fault,
        Window calls,
        Signatures signatures,
        Fallbacks fallbacks,
        OptionalLong avoided,
        OptionalLong usedAgain,
        Overload overload)
        implements Row {

    /** From this row on, servers refuse calls themselves, and their errors do not say what ran. */
    private static final int FIRST_REFUSING = 15;

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

    private static boolean isInternal(CallRecord call) {
        String error = call.reply().error();
        return error.startsWith("INTERNAL") || error.startsWith("500");
    }

    /** Returns the latency of the slowest call, less that of the run without a fault. */
    long aboveNormal(Result normal) {
        return calls.slowest() - normal.calls.slowest();
    }

    /**
     * Returns whether a call was lost, ran twice, or succeeded without being executed: none of these may ever
     * happen.
     */
    boolean broken() {
        return lost() > 0 || signatures.ranTwice() > 0 || signatures.missing() > 0;
    }

    /** Returns the goals that were missed. */
    List<String> shortOf(Result normal) {
        List<String> shortOf = new ArrayList<>();
        add(shortOf, lost(), "lost");
        add(shortOf, signatures.ranTwice(), "ran twice");
        add(shortOf, signatures.missing(), "answered but not executed");
        if (fault.number() < FIRST_REFUSING) {
            add(shortOf, signatures.unreported(), "lost although executed, and not reported as possibly executed");
        }
        add(shortOf, fallbacks.unlabelled(), "answered by a secondary without saying so");
        Fault.Goal goal = fault.goal();
        if (goal.bySecondary() && fallbacks.responses() == 0) {
            shortOf.add("no response of a secondary");
        }
        if (goal.aboveNormalMillis() > 0 && aboveNormal(normal) > goal.aboveNormalMillis() * 1_000) {
            shortOf.add("slower than " + goal.aboveNormalMillis() + " ms above normal");
        }
        if (goal.p999Millis() > 0 && calls.percentile(99.9) > goal.p999Millis() * 1_000) {
            shortOf.add("p99.9 over " + goal.p999Millis() + " ms");
        }
        if (goal.attemptsPerCall() > 0 && calls.attemptsPerCall() >= goal.attemptsPerCall()) {
            shortOf.add("not under " + goal.attemptsPerCall() + " attempts a call");
        }
        if (failedByServer() > goal.failingShare() * calls.count()) {
            shortOf.add("more than " + Math.round(100 * goal.failingShare()) + " % got the server's error");
        }
        if (goal.servedPerSecond() > 0) {
            shortOf.addAll(overload.shortOf(goal.servedPerSecond()));
        }
        return shortOf;
    }

    private static void add(List<String> shortOf, int calls, String what) {
        if (calls > 0) {
            shortOf.add(calls + " " + what);
        }
    }
}
