package io.middleware.core.outlier;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pauses of this process, as far as its timers notice them: one that runs more than {@value #LONGEST_MILLIS} ms late was held up
 * by a collector, the scheduler or other work, and what was not heard meanwhile is no evidence against anybody.
 *
 * <p>Source: A. Dadgar et al., "Lifeguard: Local Health Awareness for More Accurate Failure Detection", 2018.
 */
public final class Pauses {
    static final int LONGEST_MILLIS = 20;

    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong countedUntil = new AtomicLong(Long.MIN_VALUE / 2);

    /** Whether a timer that was due then, and runs now, was held up. Many timers of one pause count once. */
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
