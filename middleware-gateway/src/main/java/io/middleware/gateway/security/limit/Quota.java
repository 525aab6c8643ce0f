package io.middleware.gateway.security.limit;

import io.middleware.gateway.security.rules.Rule;
import java.util.concurrent.TimeUnit;

/**
 * What this gateway may let pass of a rule's limit: its share of the whole, so that all gateways together keep to it. Each has at
 * least one request at once and one in flight, or a caller of a small limit could not call at all.
 *
 * @param interval nanoseconds from one request to the next at the full rate; 0: the rate is not limited
 * @param burst    how many requests may come at once
 * @param inFlight how many may be in flight
 */
record Quota(long interval, int burst, int inFlight) {
    /** A longer interval counts as this one, and no sum overflows. */
    private static final long LONGEST = TimeUnit.DAYS.toNanos(36_500);

    static Quota of(Rule.Limit limit, int gateways) {
        double perSecond = limit.requestsPerSecond();
        return new Quota(
                perSecond <= 0
                        ? 0
                        : (long) Math.clamp(TimeUnit.SECONDS.toNanos(1) / perSecond * gateways, 1.0, (double) LONGEST),
                Math.max(1, limit.burst() / gateways),
                limit.inFlight() <= 0 ? Integer.MAX_VALUE : Math.max(1, limit.inFlight() / gateways));
    }

    /** Returns the nanoseconds of the full rate that may be used at once. */
    long most() {
        return burst > LONGEST / Math.max(1, interval) ? LONGEST : interval * burst;
    }
}
