package io.middleware.core;

import org.jspecify.annotations.Nullable;

/**
 * A caller's request, as far as it is known when its headers have arrived. The message bytes follow through
 * {@link OngoingCall}.
 *
 * @param path           {@code /package.Service/Method}
 * @param headers        forwarded to the server
 * @param deadline       on the {@link Ticker}'s clock; {@link #NO_DEADLINE} when the caller set none
 * @param idempotencyKey the caller sent a key by which a server can recognise a retry
 * @param caller         gets the response
 * @param timers         timers of the thread that the call is confined to
 */
public record Call(String path, Headers headers, long deadline, boolean idempotencyKey, Caller caller, Timers timers) {
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * Returns the full name of the gRPC service in {@code /package.Service/Method}, or null if this is no such path.
     */
    public static @Nullable String grpcService(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 1 && path.charAt(0) == '/' && slash < path.length() - 1 ? path.substring(1, slash) : null;
    }
}
