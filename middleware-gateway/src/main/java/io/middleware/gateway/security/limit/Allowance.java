package io.middleware.gateway.security.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one caller has used of one rule's limit, by the generic cell rate algorithm in its form of virtual scheduling:
 *
 * <pre>
 * T    time between requests at the full rate
 * TAT  theoretical arrival time: when the next request would come if all kept to that rate
 *
 * a request at time now passes if max(TAT, now) + T - now &lt;= burst * T;  then TAT = max(TAT, now) + T
 * otherwise it would pass after max(TAT, now) + T - now - burst * T
 * </pre>
 *
 * Within any time t so pass burst + t / T requests at most. A TAT in the past says nothing: then an allowance without calls in
 * flight is as good as a new one.
 *
 * <p>Source: ITU-T Recommendation I.371, Annex A. Lock-free.
 */
final class Allowance {
    private static final int RETIRED = -1;
    /** The usual duration follows within so many calls. */
    private static final int WEIGHT = 8;

    /** On the ticker's clock. */
    private final AtomicLong tat;

    private final AtomicInteger inFlight = new AtomicInteger();
    /** How long the latest calls took, in nanoseconds; 0 before the first has ended. */
    private volatile long usualDuration;

    /** {@code now}: nobody has used anything of it before. */
    Allowance(long now) {
        this.tat = new AtomicLong(now);
    }

    /** Whether a request passes. */
    enum Answer {
        PASSES,
        /** More requests a second than the limit. */
        TOO_FAST,
        /** As many in flight as there may be. */
        TOO_MANY,
        /** The allowance was taken out of use: there is a newer one, or none. */
        RETIRED
    }

    /** Asks for one request. If it passes, {@link #end} must be called at its end. */
    Answer begin(Quota quota, long now) {
        int before;
        do {
            before = inFlight.get();
            if (before == RETIRED) {
                return Answer.RETIRED;
            }
            if (before >= quota.inFlight()) {
                return Answer.TOO_MANY;
            }
        } while (!inFlight.compareAndSet(before, before + 1));
        if (quota.interval() == 0 || take(quota, now)) {
            return Answer.PASSES;
        }
        inFlight.decrementAndGet();
        return Answer.TOO_FAST;
    }

    private boolean take(Quota quota, long now) {
        long before;
        long after;
        do {
            before = tat.get();
            after = next(before, quota, now);
            if (after - now > quota.most()) {
                return false;
            }
        } while (!tat.compareAndSet(before, after));
        return true;
    }

    /** Gives back the place of a call that took so many nanoseconds. */
    void end(long duration) {
        inFlight.decrementAndGet();
        // of two that end at the same moment, one may not count
        long before = usualDuration;
        usualDuration = before == 0 ? duration : before + (duration - before) / WEIGHT;
    }

    /** Returns how many requests would pass now, one after the other. */
    long remaining(Quota quota, long now) {
        return quota.interval() == 0 ? 0 : Math.max(0, (quota.most() - untilWhole(now)) / quota.interval());
    }

    /**
     * Returns the nanoseconds until one of the calls in flight may be expected to have ended: if they take as long as the latest
     * ones, one of n ends in each n-th of that time.
     */
    long untilPlace() {
        return usualDuration / Math.max(1, inFlight.get());
    }

    /** Returns the nanoseconds until the next request passes. */
    long untilNext(Quota quota, long now) {
        return Math.max(0, next(tat.get(), quota, now) - now - quota.most());
    }

    /** Returns the nanoseconds until nothing is used any more. */
    long untilWhole(long now) {
        return Math.max(0, tat.get() - now);
    }

    /** Takes it out of use if it is as good as a new one. Returns whether it was. */
    boolean retire(long now) {
        if (untilWhole(now) > 0 || !inFlight.compareAndSet(0, RETIRED)) {
            return false;
        }
        // nobody changes it now; between the two, somebody may have
        if (untilWhole(now) > 0) {
            inFlight.set(0);
            return false;
        }
        return true;
    }

    private static long next(long tat, Quota quota, long now) {
        return (tat - now > 0 ? tat : now) + quota.interval();
    }
}
