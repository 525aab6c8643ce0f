package io.middleware.core.instance;

import io.middleware.core.Priority;

/**
 * Whether an instance has room for a call, and by what: the same figures lead to the same answer whenever it is asked again.
 *
 * @param priority of the call
 * @param inFlight unary calls in flight at the instance
 * @param limit    how many of them a call of this priority may find there
 * @param least    fewer than these never make it wait too long
 * @param waitNanos nanoseconds that it would wait behind those in flight; 0 while there is no queue
 * @param leftNanos nanoseconds that it has left
 * @param known    whether an answer came lately; without one, nothing is known, and nobody is refused
 */
public record Room(
        Instance instance,
        Priority priority,
        int inFlight,
        int limit,
        int least,
        double waitNanos,
        long leftNanos,
        boolean known) {
    /** Allows for the error of the estimated wait. */
    static final double MARGIN = 1.25;

    /** Returns whether the call is refused there. */
    public boolean full() {
        return known && (inFlight >= limit || tooLate());
    }

    /** Returns whether it is refused for want of time: others of its priority, with more time, would still be taken. */
    public boolean tooLate() {
        return waitNanos > 0 && inFlight >= least && MARGIN * waitNanos > leftNanos;
    }
}
