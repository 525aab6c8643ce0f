package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Loads.Callers;
import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.PriorityShare;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to calls when there were more than the servers could serve. Times in microseconds.
 *
 * @param servedPerSecond successful calls of any kind, from one second after the overload's start to its end
 * @param refused         calls that got {@code RESOURCE_EXHAUSTED}, by HTTP 429, until one second after the end
 * @param refusedWithin   the time within which 99 % of them were refused
 * @param normalAfter     whether from one second after the end none was refused and 99 % took at most 100 ms
 * @param priorities      of the calls due while there was overload
 */
record Overload(double servedPerSecond, int refused, long refusedWithin, boolean normalAfter, Priorities priorities) {

    static final Overload NONE = new Overload(0, 0, 0, true, Priorities.ALIKE);
    private static final long A_SECOND = 1_000_000;
    private static final long NORMAL = 100_000;

    /** @param restored when the last cause of the overload was removed */
    static Overload of(Window calls, Callers callers, long begin, long end, long restored) {
        long from = begin + A_SECOND;
        long normalFrom = restored + A_SECOND;
        long served = calls.calls().stream()
                .filter(call -> call.reply().ok() && call.endMicros() >= from && call.endMicros() < end)
                .count();
        Window refused = new Window(calls.idempotent().calls().stream()
                .filter(call -> isRefused(call) && call.dueMicros() >= begin && call.dueMicros() < normalFrom)
                .toList());
        Window after = new Window(calls.calls().stream()
                .filter(call -> call.dueMicros() >= normalFrom)
                .toList());
        Window meanwhile = new Window(calls.calls().stream()
                .filter(call -> call.dueMicros() >= begin && call.dueMicros() < end)
                .toList());
        return new Overload(
                served * (double) A_SECOND / (end - from),
                refused.count(),
                refused.percentile(99),
                after.lost().count() == 0 && after.percentile(99) <= NORMAL,
                callers.critical() == 0
                        ? Priorities.ALIKE
                        : Priorities.of(meanwhile, new PriorityShare(callers.critical())));
    }

    /** Returns the goals that were missed. */
    List<String> shortOf(Fault.Goal goal, Texts texts) {
        List<String> shortOf = new ArrayList<>();
        if (servedPerSecond < goal.servedPerSecond()) {
            shortOf.add(texts.of("miss.served", Math.round(goal.servedPerSecond())));
        }
        if (priorities.critical() < goal.criticalShare()) {
            shortOf.add(texts.of("miss.critical", 100 * goal.criticalShare()));
        }
        if (refusedWithin > Fault.Goal.AT_ONCE_MILLIS * 1_000) {
            shortOf.add(texts.of("miss.refusal"));
        }
        if (!normalAfter) {
            shortOf.add(texts.of("miss.after"));
        }
        return shortOf;
    }

    static boolean isRefused(CallRecord call) {
        String error = call.reply().error();
        return error.startsWith("RESOURCE_EXHAUSTED") || error.startsWith("429");
    }
}
