package io.middleware.core.instance;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.middleware.core.Timers;
import java.util.concurrent.TimeUnit;

/** What attempts and probes saw of one instance. Outlier detection changes it, under this object's lock. */
public final class Health {
    /** An instance on trial gets one call in such a time, until one has ended. */
    public static final int TRIAL_SECONDS = 1;

    static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(TRIAL_SECONDS);

    public volatile boolean ejected;
    public volatile String reason;
    /** Let back, and no attempt has shown yet that it works. */
    public volatile boolean onTrial;
    /** When its last attempt on trial began. */
    public volatile long triedAt = Long.MIN_VALUE / 2;
    /** On trial, and not to be tried by calls that may not be repeated. */
    public volatile boolean shunned;
    /** Silent for {@code silence.lost-after}. */
    public volatile boolean lost;

    public volatile CircuitBreaker breaker;
    /** It was ejected because attempts failed. */
    public boolean failing;
    /** It was ejected because attempts failed that its peers answered. */
    public volatile boolean outlier;

    public boolean probing;
    public boolean asked;
    public long aliveAt = Long.MIN_VALUE / 2;
    public Timers.Timer nextProbe;
    public long probeDelay;
    public long letBackAt;
    private boolean silent;
    private long silentSince;

    /** Returns the breaker, made with the first outcome that counts; it goes with the instance. */
    public CircuitBreaker breaker(String name, CircuitBreakerConfig config) {
        CircuitBreaker known = breaker;
        if (known == null) {
            synchronized (this) {
                known = breaker;
                if (known == null) {
                    known = CircuitBreaker.of(name, config);
                    breaker = known;
                }
            }
        }
        return known;
    }

    /** It was asked, and gave no sign of life. */
    public void gaveNone(boolean silence, long now) {
        if (silence && !silent) {
            silentSince = now;
        }
        // what refuses is not lost: it may have closed its port, and still answer what it has
        silent = silence;
    }

    /** Nothing but silence was heard of it for so long. */
    public boolean silentFor(long nanos, long now) {
        return silent && now - silentSince >= nanos;
    }

    public void alive(long now) {
        aliveAt = now;
        silent = false;
        lost = false;
    }
}
