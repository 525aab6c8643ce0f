package io.middleware.gateway.ingress.http.json;

/**
 * Which sides of a call send a stream of messages.
 *
 * @param client the caller does
 * @param server the server does
 * @param lines  the caller sends its messages as lines of JSON; otherwise the body is one message
 */
public record Streaming(boolean client, boolean server, boolean lines) {
    /** A unary call. */
    public static final Streaming NONE = new Streaming(false, false, false);

    /** Whether there is one message each way. */
    public boolean isUnary() {
        return !client && !server;
    }
}
