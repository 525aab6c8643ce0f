package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of more calls than the servers could serve. Times in microseconds.
 *
 * @param servedPerSecond answered as they should be, whatever call it was, from a second after the begin to the end
 * @param refused         with {@code RESOURCE_EXHAUSTED}, which HTTP tells as 429, until a second after the end
 * @param refusedWithin   99 % of those
 * @param normalAfter     whether none was refused from a second after the end, and 99 % of the calls took 100 ms at most
 */
record Overload(double servedPerSecond, int refused, long refusedWithin, boolean normalAfter) {

    static final Overload NONE = new Overload(0, 0, 0, true);
    private static final long A_SECOND = 1_000_000;
    private static final long NORMAL = 100_000;

    /** {@code restored}: when the last of its causes was gone. */
    static Overload of(Window calls, long begin, long end, long restored) {
        long from = begin + A_SECOND;
        long normalFrom = restored + A_SECOND;
        long served = calls.calls().stream()
                .filter(call -> call.reply().ok() && call.endMicros() >= from && call.endMicros() < end)
                .count();
        Window refused = new Window(calls.repeatable().calls().stream()
                .filter(call -> isRefused(call) && call.dueMicros() >= begin && call.dueMicros() < normalFrom)
                .toList());
        Window after = new Window(calls.calls().stream()
                .filter(call -> call.dueMicros() >= normalFrom)
                .toList());
        return new Overload(
                served * (double) A_SECOND / (end - from),
                refused.count(),
                refused.percentile(99),
                after.lost().count() == 0 && after.percentile(99) <= NORMAL);
    }

    /** What was not reached, in words. */
    List<String> shortOf(double goalPerSecond) {
        List<String> shortOf = new ArrayList<>();
        if (servedPerSecond < goalPerSecond) {
            shortOf.add("less than " + Math.round(goalPerSecond) + " served a second");
        }
        if (refusedWithin > Fault.Goal.AT_ONCE_MILLIS * 1_000) {
            shortOf.add("not refused at once");
        }
        if (!normalAfter) {
            shortOf.add("not normal a second after it");
        }
        return shortOf;
    }

    private static boolean isRefused(CallRecord call) {
        String error = call.reply().error();
        return error.startsWith("RESOURCE_EXHAUSTED") || error.startsWith("429");
    }
}
