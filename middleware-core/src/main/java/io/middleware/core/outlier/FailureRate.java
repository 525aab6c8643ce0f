package io.middleware.core.outlier;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.middleware.core.Outcome;
import io.middleware.core.Outcome.Evidence;
import io.middleware.core.instance.Instance;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures the share of an instance's last attempts that failed, with a circuit breaker per instance. The breaker only measures:
 * it opens and closes with the ejection of the instance, and never lets a caller's call through to see what happens.
 */
final class FailureRate {
    static final int WINDOW = 20;
    static final int LEAST = 5;

    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofDays(365))
            .recordResult(outcome -> ((Outcome) outcome).evidence() == Evidence.BAD)
            .build();

    private FailureRate() {}

    static void add(Instance instance, Outcome outcome) {
        // its duration is no evidence: a stream lasts as long as its two ends want
        breaker(instance).onResult(0, TimeUnit.NANOSECONDS, outcome);
    }

    /** Returns whether half of the last attempts failed, or the instance is ejected. */
    static boolean tooHigh(Instance instance) {
        return breaker(instance).getState() == State.OPEN;
    }

    /** Called when the instance is ejected. Calls that are in flight there are counted no more. */
    static void onEjected(Instance instance) {
        breaker(instance).transitionToOpenState();
    }

    /** Begins anew. */
    static void reset(Instance instance) {
        breaker(instance).reset();
    }

    private static CircuitBreaker breaker(Instance instance) {
        return instance.healthTracker().breaker(instance.id(), BREAKER);
    }
}
