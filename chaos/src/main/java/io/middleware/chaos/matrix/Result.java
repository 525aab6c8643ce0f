package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a fault did to the callers. Times in microseconds.
 *
 * @param calls   that may be repeated
 * @param avoided from the fault until every gateway left the broken server alone, of several the longest; empty when one was not
 * @param back    from the mending until the mended had answered, of several the longest; empty when none was to be
 * @param overload what became of a load that was too much
 */
record Result(
        Fault fault,
        Window calls,
        Signatures signatures,
        Fallbacks fallbacks,
        OptionalLong avoided,
        OptionalLong back,
        Overload overload)
        implements Row {

    /** With these and higher numbers, servers refuse calls in their own words. */
    private static final int FIRST_REFUSING = 15;

    /** Not answered, and neither refused for a load that was too much nor failed by the server where that is the fault. */
    int lost() {
        return calls.lost().count() - overload.refused() - failedByServer();
    }

    /** Ended with the error that the fault has a server respond with, which nobody may retry; 0 where the fault is another. */
    int failedByServer() {
        return fault.goal().failingShare() == 0
                ? 0
                : (int) calls.lost().calls().stream().filter(Result::isInternal).count();
    }

    private static boolean isInternal(CallRecord call) {
        String error = call.reply().error();
        return error.startsWith("INTERNAL") || error.startsWith("500");
    }

    /** The slowest call, less the slowest of the run without a fault. */
    long aboveNormal(Result normal) {
        return calls.slowest() - normal.calls.slowest();
    }

    /** A call was lost or ran twice, or an answered one left no trace: what no run may show. */
    boolean broken() {
        return lost() > 0 || signatures.ranTwice() > 0 || signatures.missing() > 0;
    }

    /** The goals that were not met, in words; empty when all were. */
    List<String> shortOf(Result normal) {
        List<String> shortOf = new ArrayList<>();
        add(shortOf, lost(), "lost");
        add(shortOf, signatures.ranTwice(), "ran twice");
        add(shortOf, signatures.missing(), "answered and not executed");
        if (fault.number() < FIRST_REFUSING) {
            add(shortOf, signatures.untold(), "ran, and were lost without a word that they may have");
        }
        add(shortOf, fallbacks.unsaid(), "answered by a secondary without a word of it");
        Fault.Goal goal = fault.goal();
        if (goal.bySecondary() && fallbacks.answers() == 0) {
            shortOf.add("no answer of a secondary");
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
