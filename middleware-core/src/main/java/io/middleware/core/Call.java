package io.middleware.core;

import java.time.Duration;
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
 * @param resentAfter    how long ago its caller sent it first, to this gateway or another, so that it may have been executed; null
 *                       if this is the first time
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
        @Nullable Duration resentAfter) {
    public static final long NO_DEADLINE = Long.MAX_VALUE;
    /** Longer than calls that are sent again usually have been on their way, for callers that do not tell. */
    public static final Duration RESENT_AT_ANY_TIME = Duration.ofSeconds(5);

    /** Creates a call of normal priority, over a connection whose other end has proved no name. */
    public Call(String path, Headers headers, long deadline, boolean idempotencyKey, Caller caller, Timers timers) {
        this(path, headers, deadline, idempotencyKey, caller, timers, Priority.NORMAL, null, null);
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
        this(path, headers, deadline, idempotencyKey, caller, timers, Priority.NORMAL, peer, null);
    }

    /** Returns the same call with another priority. */
    public Call withPriority(Priority other) {
        return other == priority
                ? this
                : new Call(path, headers, deadline, idempotencyKey, caller, timers, other, peer, resentAfter);
    }

    /** Returns the same call, which may have been executed when it was sent before: so long ago. Null: it was not. */
    public Call withResentAfter(@Nullable Duration since) {
        return since == null && resentAfter == null
                ? this
                : new Call(path, headers, deadline, idempotencyKey, caller, timers, priority, peer, since);
    }

    /** Returns whether it was sent before. */
    public boolean resent() {
        return resentAfter != null;
    }

    /** Returns the same call for another caller, who stands between. */
    public Call withCaller(Caller other) {
        return new Call(path, headers, deadline, idempotencyKey, other, timers, priority, peer, resentAfter);
    }

    /**
     * Returns the full name of the gRPC service in {@code /package.Service/Method}, or null if this is no such path.
     */
    public static @Nullable String grpcService(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 1 && path.charAt(0) == '/' && slash < path.length() - 1 ? path.substring(1, slash) : null;
    }
}
