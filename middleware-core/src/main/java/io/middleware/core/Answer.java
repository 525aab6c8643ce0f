package io.middleware.core;

/** The caller's side of a call: its answer begins once, ends once, and nothing comes after the end. */
final class Answer {
    private final Caller caller;
    private boolean begun;
    private boolean done;

    Answer(Caller caller) {
        this.caller = caller;
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
            done = true;
            caller.trailers(trailers);
        }
    }

    void failed(Failure failure) {
        done = true;
        caller.failed(failure);
    }

    /** The caller went away. */
    void drop() {
        done = true;
    }
}
