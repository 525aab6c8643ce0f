package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Keeps responses that Nginx collects later. Nginx cannot distinguish a slow call from a frozen gateway: where it may
 * try another gateway, it gives this one up after 5 s without a response. So a call that takes longer than
 * {@link #PATIENCE} gets a redirect within Nginx, to a location with a longer time-out. Its response is kept here until
 * it is collected under the id that Nginx chose.
 */
final class DeferredResponses {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(4);
    /** While this gateway drains, as it will soon refuse the connection that collecting takes. */
    private static final long LITTLE_PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);

    private final Map<String, DeferredResponse> pending = new ConcurrentHashMap<>();
    private volatile long patience = PATIENCE;

    /** Writes the response or, if that takes too long, a redirect to collect it under {@code id}. */
    Mono<Void> write(String id, DeferredResponse deferred, HttpServerResponse response, boolean head) {
        pending.put(id, deferred);
        return deferred.orDefer(patience, () -> pending.remove(id, deferred), response, head);
    }

    /** Writes the response that was deferred under {@code id}. */
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

    /** Defers all pending responses, while Nginx can still connect to collect them. */
    void drain() {
        patience = LITTLE_PATIENCE;
        pending.values().forEach(DeferredResponse::defer);
    }
}
