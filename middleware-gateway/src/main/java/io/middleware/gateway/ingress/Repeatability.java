package io.middleware.gateway.ingress;

import io.middleware.core.Call;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.IdempotencyKey;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What a caller's headers say about running its call again.
 *
 * @param keyed  it has an idempotency key
 * @param resent it was sent before: Nginx and {@code MiddlewareClient} say so, and gRPC's libraries of their own retries
 */
public record Repeatability(boolean keyed, boolean resent) {

    /** Reads the headers, and makes them those that servers get. */
    public static Repeatability take(Http2Headers request) {
        boolean keyed = IdempotencyKey.normalize(request);
        boolean resent = request.contains(MiddlewareHeaders.RESENT) && request.remove(MiddlewareHeaders.RESENT);
        return new Repeatability(keyed, resent || keyed && isRetry(request));
    }

    /** A caller that retries without a key has decided that for itself. */
    private static boolean isRetry(Http2Headers request) {
        CharSequence attempts = request.get(GrpcHeaders.PREVIOUS_ATTEMPTS);
        return attempts != null && !"0".contentEquals(attempts);
    }

    /** Returns the call with what is known of its past. {@code call}: made with {@link #keyed}. */
    public Call addTo(Call call) {
        return call.withResent(resent);
    }
}
