package io.middleware.core.instance;

import io.middleware.core.Priority;
import io.middleware.core.Settings;

/**
 * How many unary calls a call of each priority may find in flight at an instance.
 *
 * <pre>
 * limit(priority) = responses per second * (usual + patience * tolerated), at most most, and least or more unless sheddable
 * patience        = {@value #CRITICAL_PATIENCE} for critical, 1 for normal, {@value #SHEDDABLE_PATIENCE} for sheddable
 * </pre>
 *
 * By Little's law a call so finds as many calls ahead of it as its priority is ready to wait for. The patience stretches only the
 * wait, not the time of the work itself: calls of any priority alone can use the whole of a server. Servers work in the order in
 * which calls come, so those that were let in before the queue was noticed are ahead of everyone, for seconds: critical calls are
 * ready to wait behind them, as long as their own deadlines allow.
 *
 * <p>While nothing waits, each limit is the largest one, and all priorities are alike.
 */
record Limits(int critical, int normal, int sheddable) {
    static final int CRITICAL_PATIENCE = 16;
    static final double SHEDDABLE_PATIENCE = 0.5;

    /**
     * Returns the limits that belong to one.
     *
     * @param limit     of calls of normal priority
     * @param usual     time that calls take without a queue
     * @param tolerated how much longer calls of normal priority may take
     */
    static Limits of(double limit, double usual, double tolerated, Settings.Limit bounds) {
        return new Limits(
                (int) Math.max(limit, stretched(limit, CRITICAL_PATIENCE, usual, tolerated, bounds)), (int) limit, (int)
                        Math.max(1, stretched(limit, SHEDDABLE_PATIENCE, usual, tolerated, bounds)));
    }

    private static double stretched(
            double limit, double patience, double usual, double tolerated, Settings.Limit bounds) {
        return limit >= bounds.most() || usual + tolerated <= 0
                ? bounds.most()
                : Math.min(bounds.most(), limit / (usual + tolerated) * (usual + patience * tolerated));
    }

    int of(Priority priority) {
        return switch (priority) {
            case CRITICAL -> critical;
            case NORMAL -> normal;
            case SHEDDABLE -> sheddable;
        };
    }
}
