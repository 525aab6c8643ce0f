package io.middleware.gateway.ingress.http.result;

/**
 * Thrown to end a request with a result instead of a method's response. Has no stack trace, as it concerns the request
 * and not this program.
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
