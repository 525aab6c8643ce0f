package io.middleware.gateway.ingress.http;

/**
 * Why a request gets no reply of a method, in the form that its sender expects. Thrown, without a stack trace: it tells of the
 * request and not of this program.
 */
final class Refusal extends RuntimeException {
    private final HttpResult answer;

    Refusal(HttpResult answer) {
        super(null, null, false, false);
        this.answer = answer;
    }

    HttpResult answer() {
        return answer;
    }
}
