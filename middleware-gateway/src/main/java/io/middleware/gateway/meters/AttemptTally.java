package io.middleware.gateway.meters;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import java.util.Arrays;

/** Goes through the steps of a call that has ended, and enters its attempts as gRPC's clients count them. */
final class AttemptTally {
    private static final long NOT_IN_FLIGHT = Long.MIN_VALUE;

    private final MethodMeters meters;
    /** When each attempt began, by its number. */
    private final long[] begun;

    private boolean lastWasUnsent;
    private int inFlight;
    private long idleSince;
    private int retries;
    private int transparentRetries;
    private int hedges;
    private long delay;

    private AttemptTally(MethodMeters meters, int attempts) {
        this.meters = meters;
        this.begun = new long[attempts + 1];
        Arrays.fill(begun, NOT_IN_FLIGHT);
    }

    static void enter(CallRecord record, MethodMeters meters) {
        AttemptTally tally = new AttemptTally(meters, record.attempts());
        for (Step step : record.steps()) {
            switch (step) {
                case Step.Started started -> tally.onStart(started);
                case Step.Ended ended -> tally.onEnd(ended.attempt(), ended.at(), ended.outcome());
                default -> {}
            }
        }
        tally.finish(record);
    }

    private void onStart(Step.Started started) {
        meters.attemptStarted();
        if (started.hedge()) {
            hedges++;
        } else if (started.attempt() > 1) {
            // gRPC calls a retry transparent if no server can have seen the attempt before
            if (lastWasUnsent) {
                transparentRetries++;
            } else {
                retries++;
            }
        }
        if (inFlight == 0 && started.attempt() > 1) {
            delay += started.at() - idleSince;
        }
        inFlight++;
        begun[started.attempt()] = started.at();
    }

    private void onEnd(int attempt, long at, Outcome outcome) {
        lastWasUnsent = outcome.kind() == Outcome.Kind.UNSENT;
        end(attempt, at, outcome.code());
    }

    private void end(int attempt, long at, Code code) {
        if (begun[attempt] == NOT_IN_FLIGHT) {
            return;
        }
        meters.attemptEnded(code, at - begun[attempt]);
        begun[attempt] = NOT_IN_FLIGHT;
        inFlight--;
        idleSince = at;
    }

    private void finish(CallRecord record) {
        Step.Concluded end = record.end();
        for (int attempt = 1; attempt < begun.length; attempt++) {
            // the caller went away, or its deadline passed, while it was in flight
            end(attempt, end.at(), end.code());
        }
        meters.callEnded(end.code(), record.nanos());
        if (retries > 0 || transparentRetries > 0 || hedges > 0) {
            meters.repeated(retries, transparentRetries, hedges, delay);
        }
    }
}
