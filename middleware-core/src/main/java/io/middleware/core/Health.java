package io.middleware.core;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;

/** What attempts and probes saw of one instance. {@link Ejector} alone changes it, under this object's lock. */
final class Health {
    volatile boolean ejected;
    volatile String reason;
    /** Silent for {@code silence.lost-after}. */
    volatile boolean lost;
    volatile CircuitBreaker breaker;
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
