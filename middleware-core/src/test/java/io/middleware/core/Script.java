package io.middleware.core;

import java.time.Duration;

/** What an instance does with an attempt. */
@FunctionalInterface
interface Script {
    void play(TestStream stream);

    /** Answers OK once the request is whole. */
    static Script answers(String text) {
        return stream -> stream.whenRequestIsWhole(() -> stream.answer(text));
    }

    static Script answers(Code code) {
        return stream -> stream.whenRequestIsWhole(() -> stream.trailers(code));
    }

    /** With words of its own on why it does not. */
    static Script refuses(Code code, String words) {
        return stream -> stream.whenRequestIsWhole(() -> stream.trailers(code, words));
    }

    /** Sends headers at once, and only later the bad news. */
    static Script answersLate(Code code) {
        return stream -> {
            stream.later(Duration.ZERO, stream::headers);
            stream.whenRequestIsWhole(() -> stream.trailers(code));
        };
    }

    static Script refusesConnection() {
        return stream -> stream.later(Duration.ZERO, () -> stream.fail(Outcome.unreachable("connection refused")));
    }

    /** Refuses the stream, or goes away without having seen it. */
    static Script unsent() {
        return stream -> stream.later(Duration.ZERO, () -> stream.fail(Outcome.unsent("stream refused")));
    }

    static Script breaks() {
        return breaks(Duration.ZERO);
    }

    /** Takes the request, and breaks the connection before an answer. */
    static Script breaks(Duration after) {
        return stream -> stream.later(after, () -> stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset")));
    }

    /** Begins to answer, and breaks the connection. */
    static Script breaksInTheAnswer() {
        return stream -> stream.whenRequestIsWhole(() -> {
            stream.headers();
            stream.chunk("Wor");
            stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset"));
        });
    }

    /** Ends the stream without a status. */
    static Script ends(Outcome outcome) {
        return stream -> stream.later(Duration.ZERO, () -> stream.fail(outcome));
    }

    static Script staysSilent() {
        return stream -> {};
    }
}
