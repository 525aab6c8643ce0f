package io.middleware.gateway.dashboard.traffic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations in buckets that grow with the duration, four for each doubling, so that a percentile is off by an
 * eighth at most. Histograms of several gateways can be added; their percentiles could not.
 *
 * <pre>
 * microseconds m:   bucket = m                                                    m &lt; 4
 *                            4 * (e - 1) + the two bits of m below the highest    else, e = floor(log2(m))
 * </pre>
 */
public final class Histogram {
    /** The last bucket begins at 117 s. */
    public static final int BUCKETS = 104;

    private static final int NANOS_PER_MICRO = 1000;

    private final long[] counts = new long[BUCKETS];

    /** Returns the bucket of a duration. */
    public static int bucket(long nanos) {
        long micros = Math.max(0, nanos / NANOS_PER_MICRO);
        if (micros < 4) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        return Math.min(BUCKETS - 1, 4 * (exponent - 1) + (int) (micros >> (exponent - 2) & 3));
    }

    /** Returns the least duration of a bucket, in microseconds. */
    static long start(int bucket) {
        return bucket < 4 ? bucket : (4L + bucket % 4) << (bucket / 4 - 1);
    }

    public void add(int bucket, long count) {
        counts[bucket] += count;
    }

    /** Adds what {@link #sparse} returned; ignores what is none of its form. */
    public void add(int @Nullable [] sparse) {
        for (int i = 0; sparse != null && i + 1 < sparse.length; i += 2) {
            if (sparse[i] >= 0 && sparse[i] < BUCKETS && sparse[i + 1] > 0) {
                counts[sparse[i]] += sparse[i + 1];
            }
        }
    }

    /** Returns bucket, count, bucket, count, and so on of the buckets that are not empty. */
    public int[] sparse() {
        int[] sparse = new int[2 * BUCKETS];
        int length = 0;
        for (int i = 0; i < BUCKETS; i++) {
            if (counts[i] > 0) {
                sparse[length++] = i;
                sparse[length++] = (int) Math.min(Integer.MAX_VALUE, counts[i]);
            }
        }
        return Arrays.copyOf(sparse, length);
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** Returns the middle of the bucket where this share of the durations ends, in milliseconds; null for none. */
    public @Nullable Double percentile(double share) {
        long rank = (long) Math.ceil(share * total());
        if (rank == 0) {
            return null;
        }
        int bucket = 0;
        for (long passed = counts[0]; passed < rank; passed += counts[bucket]) {
            bucket++;
        }
        return (start(bucket) + start(bucket + 1)) / 2.0 / NANOS_PER_MICRO;
    }
}
