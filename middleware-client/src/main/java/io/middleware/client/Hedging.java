package io.middleware.client;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * When an idempotent unary call gets another attempt while earlier ones still run: each time {@code delay} has passed
 * without a response, up to {@code maxAttempts}. The first response wins, and the other attempts are cancelled.
 *
 * <p>An attempt that ends {@code UNAVAILABLE} does not end the call while attempts are left. Any other status does.
 *
 * @param delay       time from one attempt to the next, more than zero
 * @param maxAttempts number of attempts including the first, 1 to 5; 1 means no hedging
 */
public record Hedging(Duration delay, int maxAttempts) {

    /** gRPC for Java silently makes no more attempts than this. */
    private static final int MOST_ATTEMPTS = 5;

    /**
     * A gateway fails over within less than this delay, so that calls are hedged only when the gateway itself is
     * silent.
     */
    static final Hedging DEFAULT = new Hedging(Duration.ofMillis(300), 3);

    public Hedging {
        if (!delay.isPositive()) {
            throw new IllegalArgumentException("hedging delay: expected more than zero, got " + delay);
        }
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "hedging attempts: expected 1 to " + MOST_ATTEMPTS + ", got " + maxAttempts);
        }
    }

    /** Returns no hedging: one attempt per call. */
    public static Hedging off() {
        return new Hedging(DEFAULT.delay, 1);
    }

    boolean isOn() {
        return maxAttempts > 1;
    }

    /** Returns a gRPC service config that hedges every method. */
    Map<String, ?> serviceConfig() {
        if (!isOn()) {
            return Map.of();
        }
        Map<String, ?> policy = Map.of(
                "maxAttempts",
                (double) maxAttempts,
                "hedgingDelay",
                BigDecimal.valueOf(delay.toNanos(), 9).toPlainString() + "s",
                "nonFatalStatusCodes",
                List.of("UNAVAILABLE"));
        return Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), "hedgingPolicy", policy)));
    }
}
