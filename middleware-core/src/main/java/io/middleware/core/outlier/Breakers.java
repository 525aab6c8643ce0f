package io.middleware.core.outlier;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import java.time.Duration;

/** The circuit breaker of each instance; it is made with the first outcome that counts, and goes with the instance. */
public final class Breakers {
    static final int WINDOW = 20;
    public static final int LEAST = 5;

    private final CircuitBreakerConfig config = CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .failureRateThreshold(50)
            // opened and closed by the ejector: it never lets a caller's call through to see what happens
            .waitDurationInOpenState(Duration.ofDays(365))
            .recordResult(outcome -> ((Outcome) outcome).evidence() == Outcome.Evidence.BAD)
            .build();

    CircuitBreaker of(Instance instance) {
        Health health = instance.health();
        CircuitBreaker breaker = health.breaker;
        if (breaker == null) {
            synchronized (health) {
                breaker = health.breaker;
                if (breaker == null) {
                    breaker = CircuitBreaker.of(instance.id(), config);
                    health.breaker = breaker;
                }
            }
        }
        return breaker;
    }
}
