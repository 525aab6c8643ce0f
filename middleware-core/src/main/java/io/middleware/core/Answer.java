package io.middleware.core;

/** The caller's side of a call: its answer begins once, ends once, and nothing comes after the end. */
final class Answer {
    private final Caller caller;
    private Headers held;
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

    /** Keeps headers back until more comes: a refusal may still follow them, and then another instance answers. */
    void hold(Headers headers) {
        held = headers;
    }

    void dropHeld() {
        held = null;
    }

    void begin(Headers headers) {
        if (!begun) {
            begun = true;
            caller.headers(headers);
        }
    }

    // each looks at done after the headers: the caller may go away when it is told them

    void chunk(Chunk chunk) {
        beginWithHeld();
        if (done) {
            chunk.release();
        } else {
            caller.chunk(chunk);
        }
    }

    void trailers(Headers trailers) {
        beginWithHeld();
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

    private void beginWithHeld() {
        if (held != null) {
            Headers headers = held;
            held = null;
            begin(headers);
        }
    }
}
