package io.middleware.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

/**
 * Takes an instance out of the choice by what attempts saw of it, long before the registry knows, and lets it back by probes of
 * its own: no caller's call is the experiment.
 *
 * <pre>
 * ejected   when no connection can be made, or when of the last {@value #WINDOW} attempts (at least {@value #LEAST}) half failed
 * probed    after delay; alive: back in the choice; else delay = min(2 * delay, longest)
 * delay     starts at first; an instance ejected again within 10 * delay of its return starts with twice its last delay
 * </pre>
 */
public final class Ejector {
    static final int WINDOW = 20;
    static final int LEAST = 5;

    private static final long LEAST_PROBE_TIME = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Logger log = LoggerFactory.getLogger(Ejector.class);

    private final Transport transport;
    private final Timers timers;
    private final Ticker ticker;
    private final long firstDelay;
    private final long longestDelay;
    private final CircuitBreakerConfig breakers;

    /** {@code timers} are the ejector's own: probes belong to no call. */
    public Ejector(Transport transport, Timers timers, Ticker ticker, Settings.Ejection settings) {
        this.transport = transport;
        this.timers = timers;
        this.ticker = ticker;
        this.firstDelay = settings.firstProbe().toNanos();
        this.longestDelay = settings.longestProbe().toNanos();
        this.breakers = CircuitBreakerConfig.custom()
                .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .failureRateThreshold(50)
                // opened and closed by this class: it never lets a caller's call through to see what happens
                .waitDurationInOpenState(Duration.ofDays(365))
                .recordResult(outcome -> ((Outcome) outcome).evidence() == Outcome.Evidence.BAD)
                .build();
    }

    /** For {@link Directory#listen}: news of an ejected instance is a reason to probe it at once, and its end ends the probes. */
    public void heard(Directory.Change change) {
        switch (change.kind()) {
            case CONFIRMED, RENEWED -> probeSoon(change.instance());
            case GONE -> forget(change.instance());
            case CAME, FAILING -> { }
        }
    }

    /** Takes note of how an attempt ended. */
    void attempted(Instance instance, Outcome outcome, long durationNanos) {
        switch (outcome.evidence()) {
            case NONE -> { }
            case UNREACHABLE -> eject(instance, outcome.reason());
            case GOOD, BAD -> {
                CircuitBreaker breaker = breaker(instance);
                breaker.onResult(durationNanos, TimeUnit.NANOSECONDS, outcome);
                if (breaker.getState() == State.OPEN && !instance.ejected()) {
                    eject(instance, "half of its last answers failed, the last one: " + outcome.inWords());
                }
            }
        }
    }

    /** Takes an instance out of the choice until a probe finds it alive. Harmless when it is out already. */
    void eject(Instance instance, String reason) {
        Health health = instance.health();
        synchronized (health) {
            if (health.ejected || instance.standing() == Instance.Standing.GONE) {
                return;
            }
            health.ejected = true;
            health.reason = reason;
            breaker(instance).transitionToOpenState();
            boolean again = health.probeDelay > 0 && ticker.nanos() - health.letBackAt < 10 * health.probeDelay;
            health.probeDelay = again ? Math.min(2 * health.probeDelay, longestDelay) : firstDelay;
            probeLater(instance);
        }
        log.warn("{} of {} ejected: {}", instance, instance.service().name(), reason);
        instance.service().ejectionChanged(instance);
    }

    /** Probes an ejected instance at once: the registry has news of it. */
    void probeSoon(Instance instance) {
        Health health = instance.health();
        synchronized (health) {
            if (!health.ejected || health.probing) {
                return;
            }
            health.probeDelay = firstDelay;
            health.nextProbe.cancel();
        }
        probe(instance);
    }

    /** Ends what goes on for an instance that is gone. */
    void forget(Instance instance) {
        Health health = instance.health();
        synchronized (health) {
            if (health.nextProbe != null) {
                health.nextProbe.cancel();
            }
        }
    }

    private void probeLater(Instance instance) {
        instance.health().nextProbe = timers.schedule(() -> probe(instance), instance.health().probeDelay);
    }

    private void probe(Instance instance) {
        Health health = instance.health();
        synchronized (health) {
            // a timer that could not be cancelled any more finds the work begun or done
            if (health.probing || !health.ejected) {
                return;
            }
            health.probing = true;
        }
        // without the lock: the result may come at once, and then goes to the directory, whose lock is the outer one
        try {
            transport.probe(instance, Math.max(firstDelay, LEAST_PROBE_TIME), failure -> probed(instance, failure));
        } catch (RuntimeException e) {
            log.error("{} of {}: the probe failed", instance, instance.service().name(), e);
            probed(instance, "the transport failed: " + e);
        }
    }

    private void probed(Instance instance, String failure) {
        Health health = instance.health();
        synchronized (health) {
            health.probing = false;
            if (instance.standing() == Instance.Standing.GONE) {
                return;
            }
            if (failure != null) {
                health.reason = failure;
                health.probeDelay = Math.min(2 * health.probeDelay, longestDelay);
                probeLater(instance);
                return;
            }
            health.letBackAt = ticker.nanos();
            health.breaker.reset();
            health.ejected = false;
        }
        log.info("{} of {} is back: it answers probes", instance, instance.service().name());
        instance.service().ejectionChanged(instance);
    }

    private CircuitBreaker breaker(Instance instance) {
        Health health = instance.health();
        CircuitBreaker breaker = health.breaker;
        if (breaker == null) {
            synchronized (health) {
                breaker = health.breaker;
                if (breaker == null) {
                    breaker = CircuitBreaker.of(instance.id(), breakers);
                    health.breaker = breaker;
                }
            }
        }
        return breaker;
    }
}
