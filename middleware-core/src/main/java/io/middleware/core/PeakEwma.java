package io.middleware.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long an instance takes at the moment: believes bad news at once, and good news slowly.
 *
 * <pre>
 * a sample x, after a pause of t:
 *   x &gt; cost   cost = x
 *   else       cost = cost * w + x * (1 - w),   w = e^(-t / {@value #TAU_SECONDS} s)
 * a lower bound x (the attempt was given up then):
 *   cost = max(cost * w, x)
 * read after a pause of t:
 *   cost * w, so that an instance that nobody asks becomes worth a try again
 *   unknown after {@value #FORGOTTEN_AFTER} times that, or before the first sample
 * </pre>
 *
 * <p>Source: the peak EWMA of Finagle's load balancers. Lock-free and free of allocation: cost and time are one 64-bit word.
 */
final class PeakEwma {
    static final int TAU_SECONDS = 5;
    /** What {@link #nanos} gives where nothing is known. */
    static final double UNKNOWN = 0;

    private static final int FORGOTTEN_AFTER = 10;
    /** The clock's unit is 2^16 ns: 32 bits hold days of it, and a sample's pause is still told from none. */
    private static final int TICK_BITS = 16;
    private static final double TAU_TICKS = (double) (TimeUnit.SECONDS.toNanos(TAU_SECONDS) >> TICK_BITS);

    private final AtomicLong state = new AtomicLong();

    /** An answer took this long. */
    void sample(long nanos, long now) {
        long before;
        long after;
        do {
            before = state.get();
            double cost = cost(before);
            double weight = weight(before, now);
            after = nanos > cost || weight == 0 ? pack(nanos, now)
                    // within one tick nothing is forgotten; to move the clock would lose what is left of the tick
                    : weight == 1 ? before : pack(cost * weight + nanos * (1 - weight), now);
        } while (after != before && !state.compareAndSet(before, after));
    }

    /** No answer came for this long. */
    void atLeast(long nanos, long now) {
        long before;
        do {
            before = state.get();
            if (nanos <= cost(before) * weight(before, now)) {
                return;
            }
        } while (!state.compareAndSet(before, pack(nanos, now)));
    }

    /** In nanoseconds; {@link #UNKNOWN} when there is no recent sample. */
    double nanos(long now) {
        long is = state.get();
        return cost(is) * weight(is, now);
    }

    void forget() {
        state.set(0);
    }

    private static long pack(double cost, long now) {
        // the least cost above none: zero is for what is not known
        return (long) Float.floatToRawIntBits((float) Math.max(1, cost)) << 32 | tick(now) & 0xFFFF_FFFFL;
    }

    private static double cost(long state) {
        return Float.intBitsToFloat((int) (state >>> 32));
    }

    /** What is left of the cost: 1 at once, 0 when it is forgotten. */
    private static double weight(long state, long now) {
        int age = tick(now) - (int) state;
        return age <= 0 ? 1 : age > FORGOTTEN_AFTER * TAU_TICKS ? 0 : Math.exp(-age / TAU_TICKS);
    }

    private static int tick(long now) {
        return (int) (now >> TICK_BITS);
    }
}
