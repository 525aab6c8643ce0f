package io.middleware.gateway.ingress.http.result;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** What goes back to the caller of an HTTP request: a whole {@link HttpResult}, or a stream. */
public interface HttpReply {
    /** {@code head}: the response to a HEAD, which has no body. */
    Mono<Void> writeTo(HttpServerResponse response, boolean head);

    /** Returns whether it may be silent for long while it is written. */
    default boolean mayPause() {
        return false;
    }

    /** Called instead of {@link #writeTo} when nobody waits for it any more. */
    default void discard() {}
}
