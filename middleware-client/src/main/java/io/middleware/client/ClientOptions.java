package io.middleware.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link MiddlewareClient} calls. Start from {@link #defaults()} and change what differs.
 *
 * @param deadline         of a unary call that has none of its own; more than zero. A stream has none unless it sets one
 * @param keepAlive        silence on a connection with calls in flight after which it is asked for a sign of life; gRPC for Java
 *                         allows no less than 10 s. The middleware permits it; other gRPC servers end a call that is silent for
 *                         several such times, unless they were told to permit it as well
 * @param keepAliveTimeout time to give that sign, else the connection and its calls end as {@code UNAVAILABLE}
 * @param hedging          second attempts of unary calls that may be repeated
 * @param credentials      plaintext or TLS
 */
public record ClientOptions(
        Duration deadline,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Hedging hedging,
        ChannelCredentials credentials) {

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

    /** A deadline of 15 s, keepalive after 10 s with 5 s to answer, up to 3 attempts 300 ms apart, plaintext. */
    public static ClientOptions defaults() {
        return new ClientOptions(
                Duration.ofSeconds(15),
                LEAST_KEEP_ALIVE,
                Duration.ofSeconds(5),
                Hedging.DEFAULT,
                InsecureChannelCredentials.create());
    }

    public ClientOptions withDeadline(Duration changed) {
        return new ClientOptions(changed, keepAlive, keepAliveTimeout, hedging, credentials);
    }

    public ClientOptions withKeepAlive(Duration changed, Duration changedTimeout) {
        return new ClientOptions(deadline, changed, changedTimeout, hedging, credentials);
    }

    public ClientOptions withHedging(Hedging changed) {
        return new ClientOptions(deadline, keepAlive, keepAliveTimeout, changed, credentials);
    }

    /** For TLS: {@code TlsChannelCredentials.create()}, or with a trust store or a client certificate of its builder. */
    public ClientOptions withCredentials(ChannelCredentials changed) {
        return new ClientOptions(deadline, keepAlive, keepAliveTimeout, hedging, changed);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": expected more than zero, got " + value);
        }
    }
}
