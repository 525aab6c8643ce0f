package io.middleware.core;

import io.middleware.core.call.Exchange;

/**
 * What a caller asked for, as far as it is known when its headers have come; the message bytes follow through {@link Exchange}.
 *
 * @param path           {@code /package.Service/Method}
 * @param headers        passed on to the server
 * @param deadline       on the {@link Ticker}'s clock; {@link #NO_DEADLINE} where the caller gave none
 * @param idempotencyKey the caller marked the call with a key by which a server can recognise its repetition
 * @param caller         gets the answer
 * @param timers         of the thread that the call is confined to
 */
public record Call(String path, Headers headers, long deadline, boolean idempotencyKey, Caller caller, Timers timers) {
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** The full name of the gRPC service that {@code /package.Service/Method} belongs to; null if it is no such path. */
    public static String grpcService(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 1 && path.charAt(0) == '/' && slash < path.length() - 1 ? path.substring(1, slash) : null;
    }
}
