package io.middleware.gateway.ended;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a line says of an attempt.
 *
 * @param why        {@code first}, {@code retry}, {@code hedge}, or {@code move} after one that was given up unsent
 * @param startUs    microseconds after the call came
 * @param responseUs the same for the first of the response; null if none came
 * @param tookUs     until its end; null, as are the following, if its end is not known
 * @param outcome    {@code answered}, {@code unsent}, {@code in_doubt} or {@code rejected}
 * @param reason     what happened, but nothing that a server said
 */
public record AttemptLine(
        String instance,
        String why,
        long startUs,
        @Nullable Long responseUs,
        @Nullable Long tookUs,
        @Nullable String outcome,
        @Nullable String code,
        @Nullable String reason) {

    /** Returns those of a call, in the order of their starts. */
    static List<AttemptLine> all(CallRecord record) {
        List<AttemptLine> all = new ArrayList<>(record.attempts());
        boolean moved = false;
        for (Step step : record.steps()) {
            if (step instanceof Step.Started started) {
                String why = started.attempt() == 1 ? "first" : started.hedge() ? "hedge" : moved ? "move" : "retry";
                all.add(of(started, why, record));
                moved = false;
            } else if (step instanceof Step.Decided decided) {
                moved = decided.decision() instanceof Decision.MoveUnsent
                        || moved && decided.decision() instanceof Decision.Retry;
            }
        }
        return all;
    }

    private static AttemptLine of(Step.Started started, String why, CallRecord record) {
        Step.Responded responded = null;
        Step.Ended ended = null;
        for (Step step : record.steps()) {
            if (step instanceof Step.Responded each && each.attempt() == started.attempt()) {
                responded = each;
            } else if (step instanceof Step.Ended each && each.attempt() == started.attempt()) {
                ended = each;
            }
        }
        Outcome outcome = ended == null ? null : ended.outcome();
        return new AttemptLine(
                started.instance().id(),
                why,
                micros(started.at() - record.startedAt()),
                responded == null ? null : micros(responded.at() - record.startedAt()),
                ended == null ? null : micros(ended.at() - started.at()),
                outcome == null ? null : outcome.kind().name().toLowerCase(Locale.ROOT),
                outcome == null ? null : outcome.code().name(),
                outcome == null || saidByServer(outcome) ? null : outcome.reason());
    }

    /** The message of a server is for its caller; it may speak of what the caller sent. */
    private static boolean saidByServer(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.ANSWERED || outcome.code() == Code.UNIMPLEMENTED;
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
