package io.middleware.core.call;

import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallRecord;
import org.jspecify.annotations.Nullable;

/** Writes the response to the caller: it begins once, ends once, and nothing follows the end. */
final class ResponseWriter {
    private final Caller caller;
    private final Counts counts;
    private final Ticker ticker;
    private final CallRecord record;
    private final long startedAt;
    private boolean begun;
    private boolean done;

    ResponseWriter(AttemptContext context, Caller caller) {
        this.caller = caller;
        this.counts = context.service().counts();
        this.ticker = context.dependencies().ticker();
        this.record = context.record();
        this.startedAt = ticker.nanos();
    }

    boolean begun() {
        return begun;
    }

    boolean done() {
        return done;
    }

    /** Begins the response, once. {@code headers}: null if the server sent none. */
    void begin(@Nullable Headers headers) {
        if (headers != null && !begun) {
            begun = true;
            caller.onHeaders(headers);
        }
    }

    // each checks done: the caller may have gone away when it got the headers

    void chunk(Chunk chunk) {
        if (done) {
            chunk.release();
        } else {
            caller.onChunk(chunk);
        }
    }

    void trailers(Headers trailers) {
        if (!done) {
            end(trailers.code(), null, false);
            caller.onTrailers(trailers);
        }
    }

    void failed(Failure failure) {
        end(failure.code(), failure, false);
        caller.onFailure(failure);
    }

    /** Called when the caller went away. */
    void drop() {
        end(Code.CANCELLED, null, true);
    }

    private void end(Code code, @Nullable Failure failure, boolean left) {
        done = true;
        record.concluded(code, failure, left);
        counts.ended(code, ticker.nanos() - startedAt);
    }
}
