package io.middleware.core;

/** The caller's side of a call: its answer begins once, ends once, and nothing comes after the end. */
final class Answer {
    private final Caller caller;
    private final Counts counts;
    private final Ticker ticker;
    private final long startedAt;
    private boolean begun;
    private boolean done;

    Answer(Caller caller, Counts counts, Ticker ticker) {
        this.caller = caller;
        this.counts = counts;
        this.ticker = ticker;
        this.startedAt = ticker.nanos();
    }

    boolean begun() {
        return begun;
    }

    boolean done() {
        return done;
    }

    /** {@code headers}: null where the server sent none. */
    void begin(Headers headers) {
        if (headers != null && !begun) {
            begun = true;
            caller.headers(headers);
        }
    }

    // each looks at done: the caller may have gone away when it was told the headers

    void chunk(Chunk chunk) {
        if (done) {
            chunk.release();
        } else {
            caller.chunk(chunk);
        }
    }

    void trailers(Headers trailers) {
        if (!done) {
            end(trailers.code());
            caller.trailers(trailers);
        }
    }

    void failed(Failure failure) {
        end(failure.code());
        caller.failed(failure);
    }

    /** The caller went away. */
    void drop() {
        end(Code.CANCELLED);
    }

    private void end(Code code) {
        done = true;
        counts.ended(code, ticker.nanos() - startedAt);
    }
}
