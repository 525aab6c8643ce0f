package io.middleware.core.instance;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Estimates how long an instance takes at the moment. It believes bad news at once, and good news slowly.
 *
 * <pre>
 * a sample x, after a pause of t:
 *   x &gt; cost   cost = x
 *   else       cost = cost * w + x * (1 - w),   w = e^(-t / {@value #TAU_SECONDS} s)
 * a lower bound x (no response came for that long):
 *   cost = max(cost * w, x), or if there was no sample since that attempt began: max(cost * w, min(2 * cost, 8 * x))
 * read after a pause of t:
 *   cost * w, so that an instance without calls becomes worth a try again
 * unknown    before a sample, and {@value #FORGOTTEN_AFTER} * {@value #TAU_SECONDS} s after the last
 * </pre>
 *
 * Attempts that began before the first sample do not count: connections were made for them, and servers are slow at first. The
 * time constant is short because a slower instance gets no calls: if it were much longer, one hiccup would keep an instance idle
 * for half a minute. An instance that hangs is tried at growing intervals, as each attempt in vain doubles its cost.
 *
 * <p>Source: the peak EWMA of Finagle's load balancers; the lower bounds are our own. Lock-free and free of allocation: cost and
 * time share one 64-bit number.
 */
public final class PeakEwma {
    static final int TAU_SECONDS = 2;
    /** Result of {@link #nanos} when nothing is known. */
    public static final double UNKNOWN = 0;

    private static final int FORGOTTEN_AFTER = 10;
    private static final int MOST_DOUBLED = 8;
    /** One tick is 2^16 ns: 32 bits hold days, and consecutive samples still differ. */
    private static final int TICK_BITS = 16;

    private static final double TAU_TICKS = (double) (TimeUnit.SECONDS.toNanos(TAU_SECONDS) >> TICK_BITS);
    /** Marks that only the first sample was seen, which does not count. */
    private static final float FIRST = 0.5f;

    private final AtomicLong state = new AtomicLong();

    /** Called when a response took this long. */
    public void sample(long nanos, long now) {
        long before;
        long after;
        do {
            before = state.get();
            double cost = cost(before);
            double weight = weight(before, now);
            if (cost <= FIRST) {
                after = first(before, nanos, now);
            } else if (nanos > cost || weight == 0) {
                after = pack((double) nanos, now);
            } else {
                // within one tick nothing is forgotten; to move the clock would lose what is left of the tick
                after = weight == 1 ? before : pack(cost * weight + nanos * (1 - weight), now);
            }
        } while (after != before && !state.compareAndSet(before, after));
    }

    /** Called when no response came for this long. */
    public void atLeast(long nanos, long now) {
        long before;
        long after;
        do {
            before = state.get();
            double cost = cost(before);
            double doubled = Math.min(2 * cost, MOST_DOUBLED * (double) nanos);
            double bound = beganAfter(before, nanos, now) ? Math.max((double) nanos, doubled) : nanos;
            if (cost <= FIRST) {
                after = first(before, nanos, now);
            } else {
                after = bound > cost * weight(before, now) ? pack(bound, now) : before;
            }
        } while (after != before && !state.compareAndSet(before, after));
    }

    /** Returns nanoseconds; {@link #UNKNOWN} without a recent sample. */
    public double nanos(long now) {
        long current = state.get();
        double cost = cost(current);
        return cost <= FIRST ? UNKNOWN : cost * weight(current, now);
    }

    private static long first(long state, long nanos, long now) {
        return state == 0 ? pack(FIRST, now) : beganAfter(state, nanos, now) ? pack((double) nanos, now) : state;
    }

    private static boolean beganAfter(long state, long nanos, long now) {
        return tick(now - nanos) - (int) state > 0;
    }

    public void forget() {
        state.set(0);
    }

    private static long pack(double cost, long now) {
        return (long) Float.floatToRawIntBits((float) Math.max(FIRST, cost)) << 32 | tick(now) & 0xFFFF_FFFFL;
    }

    private static double cost(long state) {
        return Float.intBitsToFloat((int) (state >>> 32));
    }

    /** Returns the share of the cost that is left: 1 at once, 0 when it is forgotten. */
    private static double weight(long state, long now) {
        int age = tick(now) - (int) state;
        return age <= 0 ? 1 : age > FORGOTTEN_AFTER * TAU_TICKS ? 0 : Math.exp(-age / TAU_TICKS);
    }

    private static int tick(long now) {
        return (int) (now >> TICK_BITS);
    }
}
