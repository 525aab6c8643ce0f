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
    /** Since it was ejected for silence nothing but silence was heard of it. */
    boolean silent;
    long silentSince;
}
