package io.middleware.core.retry;

import io.middleware.core.Settings;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long to wait for a method's answer before another instance is asked as well: longer than nearly all of its recent answers
 * took.
 *
 * <pre>
 * initial                                      before the first {@value #ENOUGH} answers
 * min(max(p95 of recent answers, shortest), longest)    from then on
 * recent   the last 5 to 10 s or, of a method seldom called, as much longer as it takes to have {@value #ENOUGH} answers
 * usual    the median of recent answers; 0 before the first {@value #ENOUGH}
 * </pre>
 *
 * <p>Each answer counts with the time of its own attempt: what an attempt that was given up would have taken is not known, and to
 * count how long it was waited for would let a slow instance raise the delay that is to save callers from it.
 *
 * <p>Answers are counted in buckets, eight per power of two; a quantile is the upper edge of its bucket, an eighth too long at most.
 * Counting is one atomic addition; the delay is computed at most once in {@value #FRESH_MILLIS} ms, by a call that comes by.
 */
public final class HedgeDelay {
    public static final int ENOUGH = 20;

    private static final int FRESH_MILLIS = 100;
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);
    /** 2^15 ns is 33 us: what is faster is in the first bucket; what takes longer than 2^37 ns, two minutes, in the last. */
    private static final int LEAST_BITS = 15;

    private static final int OCTAVES = 22;
    private static final int BUCKETS = OCTAVES << 3;

    private final Settings.Hedge settings;
    private final AtomicLong freshUntil;
    private volatile AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);
    private volatile AtomicIntegerArray before = new AtomicIntegerArray(BUCKETS);
    private volatile long windowEnd;
    private volatile long delay;
    private volatile long usual;

    public HedgeDelay(Settings.Hedge settings, long now) {
        this.settings = settings;
        this.delay = settings.initialDelay().toNanos();
        this.freshUntil = new AtomicLong(now);
        this.windowEnd = now + WINDOW;
    }

    /** An attempt was answered after this time. */
    public void answered(long nanos) {
        counts.incrementAndGet(bucket(nanos));
    }

    /** In nanoseconds. */
    public long nanos(long now) {
        long until = freshUntil.get();
        // whoever moves the time on computes; far less than that time later it is done, so that no two do it at once
        if (now - until >= 0 && freshUntil.compareAndSet(until, now + FRESH)) {
            refresh(now);
        }
        return delay;
    }

    /** In nanoseconds, how long an answer of the method takes usually; 0 when too few are known. */
    public long usual() {
        return usual;
    }

    private void refresh(long now) {
        AtomicIntegerArray recent = counts;
        int inWindow = total(recent);
        int all = inWindow + total(before);
        if (all >= ENOUGH) {
            long p95 = quantile(recent, before, all - all / ENOUGH);
            delay = Math.clamp(
                    p95,
                    settings.shortestDelay().toNanos(),
                    settings.longestDelay().toNanos());
            usual = quantile(recent, before, all / 2);
        }
        if (now - windowEnd >= 0 && inWindow >= ENOUGH) {
            before = recent;
            counts = new AtomicIntegerArray(BUCKETS);
            windowEnd = now + WINDOW;
        }
    }

    /** The upper edge of the bucket that holds the answer of this rank, counted from the fastest. */
    private static long quantile(AtomicIntegerArray a, AtomicIntegerArray b, int rank) {
        int bucket = 0;
        for (int seen = a.get(0) + b.get(0);
                seen < rank && bucket < BUCKETS - 1;
                seen += a.get(bucket) + b.get(bucket)) {
            bucket++;
        }
        return upperEdge(bucket);
    }

    private static int total(AtomicIntegerArray counts) {
        int total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            total += counts.get(i);
        }
        return total;
    }

    private static int bucket(long nanos) {
        if (nanos < 1L << LEAST_BITS) {
            return 0;
        }
        int octave = 63 - Long.numberOfLeadingZeros(nanos);
        int eighth = (int) (nanos >>> octave - 3) & 7;
        return Math.min(BUCKETS - 1, octave - LEAST_BITS << 3 | eighth);
    }

    private static long upperEdge(int bucket) {
        return 9L + (bucket & 7) << (bucket >> 3) + LEAST_BITS - 3;
    }
}
