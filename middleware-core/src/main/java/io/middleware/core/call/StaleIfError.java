package io.middleware.core.call;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.record.CallRecord;
import io.middleware.core.stale.StaleRecorder;
import io.middleware.core.stale.StaleResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives a call that would end as {@code UNAVAILABLE} the last good response to an equal request, if there is one. Confined to the
 * call's thread.
 *
 * <p>Source: {@code stale-if-error}, RFC 5861, section 4.
 */
final class StaleIfError {
    private final StaleRecorder recorder;
    private final ResponseWriter response;
    private final RetryLoop loop;
    private final Attempts attempts;
    private final Counts counts;
    private final CallRecord record;
    private @Nullable Runnable postponed;

    StaleIfError(
            AttemptContext context,
            StaleRecorder recorder,
            ResponseWriter response,
            RetryLoop loop,
            Attempts attempts) {
        this.recorder = recorder;
        this.response = response;
        this.loop = loop;
        this.attempts = attempts;
        this.counts = context.service().counts();
        this.record = context.record();
    }

    /** Called with more of the request; the chunk stays the caller's. */
    void onRequest(Chunk chunk, boolean last) {
        recorder.send(chunk, last);
        onRequestGrown();
    }

    void onHalfClose() {
        recorder.halfClose();
        onRequestGrown();
    }

    /** Returns whether no server responds any more, and only the rest of the request is awaited, to know what was requested. */
    boolean awaitsRequest() {
        return postponed != null;
    }

    /** Called when the call would end with {@code code}. {@code finish} ends it so. */
    void onFailure(Code code, Runnable finish) {
        if (postponed != null) {
            postponed.run(); // the deadline has passed, and what failed before is still the reason
        } else if (code != Code.UNAVAILABLE) {
            finish.run();
        } else if (recorder.awaitsRequest()) {
            postponed = finish;
            loop.rest();
            recorder.onWritabilityChanged();
        } else {
            end(finish);
        }
    }

    /** Returns the age of the response that was given instead of a server's; null if none was. */
    @Nullable
    Duration age() {
        return recorder.age();
    }

    private void onRequestGrown() {
        if (postponed != null && !response.done() && !recorder.awaitsRequest()) {
            end(postponed);
        }
    }

    private void end(Runnable finish) {
        loop.stop(Outcome.expired());
        attempts.settleFor(null);
        StaleResponse stale = recorder.find();
        if (stale == null) {
            finish.run();
            return;
        }
        record.stale();
        response.begin(stale.headers().copy());
        response.chunk(recorder.chunk(stale));
        response.trailers(stale.trailers().copy());
        counts.fellBack(Counts.Fallback.STALE);
    }
}
