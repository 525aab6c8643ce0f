package io.middleware.core.outlier;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Detects pauses of this process by its timers. One that runs more than {@value #LONGEST_MILLIS} ms late was held up by the garbage
 * collector, the scheduler or other work, so silence in that time is no evidence against a server.
 *
 * <p>Source: A. Dadgar et al., "Lifeguard: Local Health Awareness for More Accurate Failure Detection", 2018.
 */
public final class Pauses {
    static final int LONGEST_MILLIS = 20;

    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong countedUntil = new AtomicLong(Long.MIN_VALUE / 2);

    /** Returns whether a timer due at {@code due} was held up until {@code now}. Many timers in one pause count once. */
    public boolean heldUp(long due, long now) {
        boolean heldUp = now - due > LONGEST;
        if (heldUp) {
            long until = countedUntil.get();
            if (due >= until && countedUntil.compareAndSet(until, now)) {
                count.incrementAndGet();
            }
        }
        return heldUp;
    }

    public long count() {
        return count.get();
    }
}
