package io.middleware.chaos.measure;

import io.middleware.chaos.stack.FaultSpan;
import io.middleware.load.CallDots;
import io.middleware.load.CallRecord;
import io.middleware.load.report.Band;
import io.middleware.load.report.Mark;
import io.middleware.load.report.Report;
import io.middleware.load.report.Timeline;
import java.util.List;
import java.util.function.Function;

/**
 * What happened in a period: the calls due in it, and the faults meanwhile.
 *
 * @param beginMicros in microseconds since 1970
 */
public record Recording(Window window, List<FaultSpan> faults, long beginMicros, long endMicros) {

    /**
     * Returns it for a report.
     *
     * @param verdict   its result; without text where the chapter says it
     * @param instances those that have a lane even if they answer nothing
     * @param failed    how a call that failed is drawn
     */
    public Timeline timeline(
            String caption, Report.Verdict verdict, List<String> instances, Function<CallRecord, Mark> failed) {
        return new Timeline(
                caption,
                verdict,
                beginMicros,
                endMicros,
                window.calls().stream().map(call -> CallDots.of(call, failed)).toList(),
                faults.stream().map(this::band).toList(),
                instances,
                Timeline.Unkept.NONE);
    }

    private Band band(FaultSpan fault) {
        return new Band(fault.part(), fault.how(), fault.fromMicros(), Math.min(endMicros, until(fault)));
    }

    /** Returns when the part responded again after its mending had begun. One that was not called ends with that. */
    private long until(FaultSpan fault) {
        boolean wasCalled = window.dueIn(beginMicros, fault.fromMicros())
                .firstSuccess(fault.part())
                .isPresent();
        return wasCalled
                ? window.dueIn(fault.toMicros(), endMicros)
                        .firstSuccess(fault.part())
                        .orElse(endMicros)
                : fault.toMicros();
    }
}
