package io.middleware.client;

import java.util.function.LongSupplier;

/**
 * Bounds the load that hedging adds: a balance of attempts, at most {@value #MOST}, from which each hedge takes one, and to which
 * each call and the passing of time add:
 *
 * <pre>
 * balance = min(MOST, balance + SHARE_OF_CALLS * calls + PER_SECOND * seconds) - hedges
 * </pre>
 *
 * <p>A new call is hedged while the balance is above zero. Calls already in flight keep their hedges, so it can fall below zero,
 * and is paid back before the next call is hedged.
 *
 * <p>gRPC's own {@code retryThrottling} cannot do this: it counts failures, so attempts that are merely slow are never bounded.
 */
final class HedgeBudget {

    static final double SHARE_OF_CALLS = 0.2;
    static final int PER_SECOND = 10;
    static final int MOST = 100;

    private final LongSupplier nanoTime;
    private double balance = MOST;
    private long updated;

    /** @param nanoTime a clock as {@link System#nanoTime} is one */
    HedgeBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.updated = nanoTime.getAsLong();
    }

    /** Counts a call, and says whether it may be hedged. */
    synchronized boolean admit() {
        long now = nanoTime.getAsLong();
        balance = Math.min(MOST, balance + SHARE_OF_CALLS + PER_SECOND * (now - updated) / 1e9);
        updated = now;
        return balance > 0;
    }

    synchronized void spend() {
        balance--;
    }
}
