package io.middleware.gateway.security.limit;

import io.middleware.core.Failure;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What callers are told of their allowance. {@code remaining} is what this gateway would let pass at once. */
record LimitHeaders(int limit, long remaining, long resetSeconds) {
    static final String LIMIT = "ratelimit-limit";
    static final String REMAINING = "ratelimit-remaining";
    static final String RESET = "ratelimit-reset";
    static final String RETRY_AFTER = "retry-after";

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    static LimitHeaders of(LimitedRule rule, Allowance allowance, Quota quota, long now) {
        return new LimitHeaders(
                rule.limit().burst(), allowance.remaining(quota, now), seconds(allowance.untilWhole(now)));
    }

    /** {@code wait}: nanoseconds. */
    List<Failure.Header> withRetryAfter(long wait) {
        return List.of(
                retryAfter(wait),
                new Failure.Header(LIMIT, Integer.toString(limit)),
                new Failure.Header(REMAINING, Long.toString(remaining)),
                new Failure.Header(RESET, Long.toString(resetSeconds)));
    }

    static Failure.Header retryAfter(long wait) {
        return new Failure.Header(RETRY_AFTER, Long.toString(Math.max(1, seconds(wait))));
    }

    private static long seconds(long nanos) {
        return (nanos + SECOND - 1) / SECOND;
    }
}
