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
 * @param priority       how it ranks when there are more calls than instances complete in time
 * @param peer           the name that the other end of the caller's connection proved by a certificate; null for none
 * @param resent         it was sent before, to this gateway or another, and may have been executed
 */
public record Call(
        String path,
        Headers headers,
        long deadline,
        boolean idempotencyKey,
        Caller caller,
        Timers timers,
        Priority priority,
        @Nullable String peer,
        boolean resent) {
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Creates a call of normal priority, over a connection whose other end has proved no name. */
    public Call(String path, Headers headers, long deadline, boolean idempotencyKey, Caller caller, Timers timers) {
        this(path, headers, deadline, idempotencyKey, caller, timers, Priority.NORMAL, null, false);
    }

    /** Creates a call of normal priority. */
    public Call(
            String path,
            Headers headers,
            long deadline,
            boolean idempotencyKey,
            Caller caller,
            Timers timers,
            @Nullable String peer) {
        this(path, headers, deadline, idempotencyKey, caller, timers, Priority.NORMAL, peer, false);
    }

    /** Returns the same call with another priority. */
    public Call withPriority(Priority other) {
        return other == priority
                ? this
                : new Call(path, headers, deadline, idempotencyKey, caller, timers, other, peer, resent);
    }

    /** Returns the same call, which may have been executed when it was sent before. */
    public Call withResent(boolean before) {
        return before == resent
                ? this
                : new Call(path, headers, deadline, idempotencyKey, caller, timers, priority, peer, before);
    }

    /** Returns the same call for another caller, who stands between. */
    public Call withCaller(Caller other) {
        return new Call(path, headers, deadline, idempotencyKey, other, timers, priority, peer, resent);
    }

    /**
     * Returns the full name of the gRPC service in {@code /package.Service/Method}, or null if this is no such path.
     */
    public static @Nullable String grpcService(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 1 && path.charAt(0) == '/' && slash < path.length() - 1 ? path.substring(1, slash) : null;
    }
}
