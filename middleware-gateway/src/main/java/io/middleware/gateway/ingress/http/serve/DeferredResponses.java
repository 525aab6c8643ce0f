package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Responses that Nginx collects later. Nginx cannot tell a slow call from a frozen gateway: without a response it gives the
 * gateway up after 5 s where it may ask another one. So a call that takes longer than {@link #PATIENCE} is answered by a redirect
 * within Nginx, to where Nginx waits for longer, and its response is kept here until it is collected under the id that Nginx gave.
 */
final class DeferredResponses {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(4);
    /** While this gateway drains: it soon takes no more connections, and collecting takes one. */
    private static final long LITTLE_PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);

    private final Map<String, DeferredResponse> pending = new ConcurrentHashMap<>();
    private volatile long patience = PATIENCE;

    /** Writes what {@code deferred} becomes or, when that takes too long, that it can be collected under {@code id}. */
    Mono<Void> write(String id, DeferredResponse deferred, HttpServerResponse response, boolean head) {
        pending.put(id, deferred);
        return deferred.orDefer(patience, () -> pending.remove(id, deferred), response, head);
    }

    /** Writes what was deferred under {@code id}. */
    Mono<Void> collect(String id, HttpServerResponse response, boolean head) {
        DeferredResponse deferred = pending.get(id);
        return deferred == null
                ? new ConnectError(
                                Code.UNAVAILABLE,
                                "the gateway no longer has the response to this call, which may have been executed")
                        .answer()
                        .writeTo(response, head)
                : deferred.collect(response, head);
    }

    /** Has Nginx collect all responses that are still to come, as long as it can connect. */
    void drain() {
        patience = LITTLE_PATIENCE;
        pending.values().forEach(DeferredResponse::defer);
    }
}
