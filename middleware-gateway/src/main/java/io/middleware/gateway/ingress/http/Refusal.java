package io.middleware.gateway.ingress.http;

import java.util.function.Supplier;

/**
 * Why a request gets no reply of a method, in the form that its sender expects. Thrown, without a stack trace: it tells of the
 * request and not of this program.
 */
final class Refusal extends RuntimeException {
    private final Supplier<HttpAnswer> answer;
    private final boolean slow;

    Refusal(HttpAnswer answer) {
        this(() -> answer, false);
    }

    private Refusal(Supplier<HttpAnswer> answer, boolean slow) {
        super(null, null, false, false);
        this.answer = answer;
        this.slow = slow;
    }

    /** One whose reason takes long to find out. */
    static Refusal slow(Supplier<HttpAnswer> answer) {
        return new Refusal(answer, true);
    }

    /** Whether an event loop is to be spared {@link #answer}. */
    boolean isSlow() {
        return slow;
    }

    HttpAnswer answer() {
        return answer.get();
    }
}
