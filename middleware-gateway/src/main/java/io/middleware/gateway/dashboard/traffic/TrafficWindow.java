package io.middleware.gateway.dashboard.traffic;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The calls of the last {@value #SLOTS} seconds, a slot for each second. A slot is emptied by the first call of another
 * second, so nothing has to run while nobody calls. Lock-free; a call at the very end of a second may be lost to the
 * picture.
 */
public final class TrafficWindow {
    static final int SLOTS = 10;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** After the buckets: the calls that failed. */
    private static final int FAILED = Histogram.BUCKETS;

    private static final int WIDTH = Histogram.BUCKETS + 1;
    /** Whole seconds that a rate is taken of, besides the current one. */
    private static final int WHOLE = 2;

    private final AtomicLongArray seconds = new AtomicLongArray(SLOTS);
    private final AtomicIntegerArray counts = new AtomicIntegerArray(SLOTS * WIDTH);

    /** Counts a call that has ended {@code now}, on a clock that only moves forward. */
    public void add(long nanos, boolean failed, long now) {
        int slot = slot(now);
        counts.incrementAndGet(slot + Histogram.bucket(nanos));
        if (failed) {
            counts.incrementAndGet(slot + FAILED);
        }
    }

    private int slot(long now) {
        long second = Math.floorDiv(now, SECOND);
        int index = Math.floorMod(second, SLOTS);
        int start = index * WIDTH;
        long before = seconds.get(index);
        if (before != second && seconds.compareAndSet(index, before, second)) {
            for (int i = 0; i < WIDTH; i++) {
                counts.set(start + i, 0);
            }
        }
        return start;
    }

    /** Returns the durations of the window. */
    public Histogram durations(long now) {
        Histogram durations = new Histogram();
        for (int age = 0; age < SLOTS; age++) {
            int start = start(now, age);
            for (int i = 0; start >= 0 && i < Histogram.BUCKETS; i++) {
                durations.add(i, counts.get(start + i));
            }
        }
        return durations;
    }

    /** Returns the calls a second, of the last two to three seconds. */
    public double rate(long now) {
        long calls = 0;
        for (int age = 0; age <= WHOLE; age++) {
            int start = start(now, age);
            for (int i = 0; start >= 0 && i < Histogram.BUCKETS; i++) {
                calls += counts.get(start + i);
            }
        }
        return calls / (WHOLE + Math.floorMod(now, SECOND) / (double) SECOND);
    }

    /** Returns the number of calls in the window that failed. */
    public int failed(long now) {
        int failed = 0;
        for (int age = 0; age < SLOTS; age++) {
            int start = start(now, age);
            failed += start < 0 ? 0 : counts.get(start + FAILED);
        }
        return failed;
    }

    /** Returns where the counts of a second begin; negative if it had no call. */
    private int start(long now, int age) {
        long second = Math.floorDiv(now, SECOND) - age;
        int index = Math.floorMod(second, SLOTS);
        return seconds.get(index) == second ? index * WIDTH : -1;
    }
}
