package io.middleware.chaos.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import io.middleware.chaos.Window;

/**
 * What a fault did to the callers. Times in microseconds.
 *
 * @param calls   that may be repeated
 * @param avoided from the fault until every gateway left the broken servers alone; empty when none had to be
 * @param back    from the mending until each of the mended had answered; empty when none had to be
 * @param overload what became of a load that was too much
 */
record Result(Fault fault, Window calls, Signatures signatures, OptionalLong avoided, OptionalLong back,
        Overload overload) {

    /** Not answered, and not refused for a load that was too much either. */
    int lost() {
        return calls.lost().count() - overload.refused();
    }

    /** The slowest call, less the slowest of the run without a fault. */
    long aboveNormal(Result normal) {
        return calls.slowest() - normal.calls.slowest();
    }

    /** A call was lost or ran twice, or an answered one left no trace: what no run may show. */
    boolean broken() {
        return lost() > 0 || signatures.ranTwice() > 0 || signatures.missing() > 0;
    }

    private List<String> overloadShortOf() {
        double goal = fault.goal().servedPerSecond();
        List<String> shortOf = new ArrayList<>();
        if (goal > 0 && overload.servedPerSecond() < goal) {
            shortOf.add("less than " + Math.round(goal) + " served a second");
        }
        if (goal > 0 && overload.refusedWithin() > Fault.Goal.AT_ONCE_MILLIS * 1_000) {
            shortOf.add("not refused at once");
        }
        if (goal > 0 && !overload.normalAfter()) {
            shortOf.add("not normal a second after it");
        }
        return shortOf;
    }

    /** The goals that were not met, in words; empty when all were. */
    List<String> shortOf(Result normal) {
        List<String> shortOf = new ArrayList<>();
        if (lost() > 0) {
            shortOf.add(lost() + " lost");
        }
        if (signatures.ranTwice() > 0) {
            shortOf.add(signatures.ranTwice() + " ran twice");
        }
        if (signatures.missing() > 0) {
            shortOf.add(signatures.missing() + " answered and not executed");
        }
        Fault.Goal goal = fault.goal();
        if (goal.aboveNormalMillis() > 0 && aboveNormal(normal) > goal.aboveNormalMillis() * 1_000) {
            shortOf.add("slower than " + goal.aboveNormalMillis() + " ms above normal");
        }
        if (goal.p999Millis() > 0 && calls.percentile(99.9) > goal.p999Millis() * 1_000) {
            shortOf.add("p99.9 over " + goal.p999Millis() + " ms");
        }
        if (goal.attemptsPerCall() > 0 && calls.attemptsPerCall() >= goal.attemptsPerCall()) {
            shortOf.add("not under " + goal.attemptsPerCall() + " attempts a call");
        }
        shortOf.addAll(overloadShortOf());
        return shortOf;
    }
}
