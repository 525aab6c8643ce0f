package io.middleware.core.retry;

import io.middleware.core.Settings;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides how long to wait for a method's response before a hedge is sent to another instance: longer than nearly all of its recent
 * responses took.
 *
 * <pre>
 * initial                                      before the first {@value #ENOUGH} responses
 * min(max(p95 of recent responses, shortest), longest)    from then on
 * recent   the last 5 to 10 s or, for a rarely called method, as much longer as it takes for {@value #ENOUGH} responses
 * usual    the median of recent responses; 0 before the first {@value #ENOUGH}
 * </pre>
 *
 * <p>Each response counts with the latency of its own attempt. Attempts that were given up do not count: their latency is not known,
 * and counting the time waited would let a slow instance raise the delay that protects callers from it.
 *
 * <p>Responses are counted in buckets, eight per power of two; a quantile is the upper edge of its bucket, an eighth too long at most.
 * Counting is one atomic addition; a call computes the delay, at most once in {@value #FRESH_MILLIS} ms.
 */
public final class HedgeDelay {
    public static final int ENOUGH = 20;

    private static final int FRESH_MILLIS = 100;
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);
    /** 2^15 ns is 33 us: faster responses are in the first bucket, those over 2^37 ns (two minutes) in the last. */
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

    /** Called when an attempt got its response after this time. */
    public void answered(long nanos) {
        counts.incrementAndGet(bucket(nanos));
    }

    /** Returns the delay in nanoseconds. */
    public long nanos(long now) {
        long until = freshUntil.get();
        // the thread that moves the time on computes; it is done long before the next time, so no two compute at once
        if (now - until >= 0 && freshUntil.compareAndSet(until, now + FRESH)) {
            refresh(now);
        }
        return delay;
    }

    /** Returns the usual latency of the method in nanoseconds; 0 if too few responses are known. */
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

    /** Returns the upper edge of the bucket that holds the response of this rank, counted from the fastest. */
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
