package io.middleware.core;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;

/** What attempts and probes saw of one instance. {@link Ejector} and {@link Probes} change it, under this object's lock. */
final class Health {
    /** An instance on trial gets one call in such a time, until one has ended. */
    static final int TRIAL_SECONDS = 1;

    static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(TRIAL_SECONDS);

    volatile boolean ejected;
    volatile String reason;
    /** Let back, and no attempt has shown yet that it works. */
    volatile boolean onTrial;
    /** When its last attempt on trial began. */
    volatile long triedAt = Long.MIN_VALUE / 2;
    /** On trial, and not to be tried by calls that may not be repeated. */
    volatile boolean shunned;
    /** Silent for {@code silence.lost-after}. */
    volatile boolean lost;

    volatile CircuitBreaker breaker;
    /** It was ejected because attempts failed. */
    boolean failing;
    /** It was ejected because attempts failed that its peers answered. */
    volatile boolean outlier;

    boolean probing;
    boolean asked;
    long aliveAt = Long.MIN_VALUE / 2;
    Timers.Timer nextProbe;
    long probeDelay;
    long letBackAt;
    private boolean silent;
    private long silentSince;

    /** It was asked, and gave no sign of life. */
    void gaveNone(boolean silence, long now) {
        if (silence && !silent) {
            silentSince = now;
        }
        // what refuses is not lost: it may have closed its port, and still answer what it has
        silent = silence;
    }

    /** Nothing but silence was heard of it for so long. */
    boolean silentFor(long nanos, long now) {
        return silent && now - silentSince >= nanos;
    }

    void alive(long now) {
        aliveAt = now;
        silent = false;
        lost = false;
    }
}
