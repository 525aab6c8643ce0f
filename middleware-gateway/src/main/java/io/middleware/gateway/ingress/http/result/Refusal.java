package io.middleware.gateway.ingress.http.result;

/**
 * Why a request gets no reply of a method, in the form that its sender expects. Thrown, without a stack trace: it tells of the
 * request and not of this program.
 */
public final class Refusal extends RuntimeException {
    private final HttpResult answer;

    public Refusal(HttpResult answer) {
        super(null, null, false, false);
        this.answer = answer;
    }

    public HttpResult answer() {
        return answer;
    }
}
