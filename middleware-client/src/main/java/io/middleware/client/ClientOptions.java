package io.middleware.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link MiddlewareClient} calls. Start from {@link #defaults()} and change what differs.
 *
 * @param deadline         default deadline of unary calls, more than zero. Streams have none unless the caller sets one
 * @param keepAlive        silence on a connection with calls in flight after which it is pinged; gRPC for Java allows
 *                         no less than 10 s. The middleware permits such pings. Other gRPC servers close a connection
 *                         after several pings without data, unless they are configured to permit them
 * @param keepAliveTimeout time to acknowledge that ping, else the connection and its calls end as {@code UNAVAILABLE}
 * @param hedging          further attempts of idempotent unary calls
 * @param credentials      plaintext or TLS
 * @param idempotencyKeys  whether each unary call of a method that is not idempotent gets a key, by which servers that honour keys
 *                         execute it once, so that it can be retried and hedged as well
 */
public record ClientOptions(
        Duration deadline,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Hedging hedging,
        ChannelCredentials credentials,
        boolean idempotencyKeys) {

    private static final Duration LEAST_KEEP_ALIVE = Duration.ofSeconds(10);

    public ClientOptions {
        requirePositive("deadline", deadline);
        requirePositive("keepalive timeout", keepAliveTimeout);
        Objects.requireNonNull(hedging, "hedging");
        Objects.requireNonNull(credentials, "credentials");
        if (keepAlive.compareTo(LEAST_KEEP_ALIVE) < 0) {
            throw new IllegalArgumentException(
                    "keepalive: expected at least " + LEAST_KEEP_ALIVE + ", got " + keepAlive);
        }
    }

    /**
     * Returns a deadline of 15 s, keepalive after 10 s with a timeout of 5 s, up to 3 attempts 300 ms apart, plaintext.
     */
    public static ClientOptions defaults() {
        return new ClientOptions(
                Duration.ofSeconds(15),
                LEAST_KEEP_ALIVE,
                Duration.ofSeconds(5),
                Hedging.DEFAULT,
                InsecureChannelCredentials.create(),
                true);
    }

    public ClientOptions withDeadline(Duration changed) {
        return new ClientOptions(changed, keepAlive, keepAliveTimeout, hedging, credentials, idempotencyKeys);
    }

    public ClientOptions withKeepAlive(Duration changed, Duration changedTimeout) {
        return new ClientOptions(deadline, changed, changedTimeout, hedging, credentials, idempotencyKeys);
    }

    public ClientOptions withHedging(Hedging changed) {
        return new ClientOptions(deadline, keepAlive, keepAliveTimeout, changed, credentials, idempotencyKeys);
    }

    /** Sets TLS: {@code TlsChannelCredentials.create()}, or its builder with a trust store or a client certificate. */
    public ClientOptions withCredentials(ChannelCredentials changed) {
        return new ClientOptions(deadline, keepAlive, keepAliveTimeout, hedging, changed, idempotencyKeys);
    }

    /** Says whether calls get keys. Without, a call that may have run is never sent again. */
    public ClientOptions withIdempotencyKeys(boolean changed) {
        return new ClientOptions(deadline, keepAlive, keepAliveTimeout, hedging, credentials, changed);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": expected more than zero, got " + value);
        }
    }
}
