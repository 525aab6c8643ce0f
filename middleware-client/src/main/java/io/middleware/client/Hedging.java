package io.middleware.client;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * When a unary call that may be repeated gets another attempt, the first one left running: each time {@code delay} has passed
 * without an answer, until there were {@code maxAttempts}; whichever attempt answers first wins and the others are cancelled.
 *
 * <p>An attempt that ends {@code UNAVAILABLE} does not end the call while more attempts are to come; any other status does.
 *
 * @param delay       time from one attempt to the next, more than zero
 * @param maxAttempts all attempts, the first one included, 1 to 5; 1 means no hedging
 */
public record Hedging(Duration delay, int maxAttempts) {

    /** gRPC for Java makes no more attempts than this, whatever the policy says. */
    private static final int MOST_ATTEMPTS = 5;

    /** Waits longer than a gateway takes to fail over by itself, so that only a dead way to the gateway is hedged. */
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

    /** One attempt per call. */
    public static Hedging off() {
        return new Hedging(DEFAULT.delay, 1);
    }

    boolean isOn() {
        return maxAttempts > 1;
    }

    /** As gRPC wants it: a service config that hedges every method. */
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
