package io.middleware.client;

import java.util.function.LongSupplier;

/**
 * Limits the load that hedges add. The budget is a balance of at most {@value #MOST} attempts: each hedge takes one,
 * and each call and the passing of time add to it:
 *
 * <pre>
 * balance = min(MOST, balance + SHARE_OF_CALLS * calls + PER_SECOND * seconds) - hedges
 * </pre>
 *
 * <p>A new call is hedged while the balance is above zero. Calls in flight keep their hedges, so the balance can fall
 * below zero; it must rise above zero again before the next call is hedged.
 *
 * <p>gRPC's {@code retryThrottling} cannot do this: it counts failures, so hedges of merely slow calls would be
 * unlimited.
 */
final class HedgeBudget {

    static final double SHARE_OF_CALLS = 0.2;
    static final int PER_SECOND = 10;
    static final int MOST = 100;

    private final LongSupplier nanoTime;
    private double balance = MOST;
    private long updated;

    /** @param nanoTime a clock such as {@link System#nanoTime} */
    HedgeBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.updated = nanoTime.getAsLong();
    }

    /** Counts a call, and returns whether it may be hedged. */
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
