package io.middleware.core;

import java.time.Duration;

/**
 * How an instance that has just started is spared. It is new until it has answered enough calls or enough time has passed; meanwhile
 * its cost counts for more, so that it gets fewer calls than the others.
 *
 * <pre>
 * left  = max(0, 1 - max(answered / calls, time since its start / longest))
 * times = 1 + extra * left, as often its cost counts
 * </pre>
 *
 * @param calls   that it must have answered
 * @param longest after this time it is not new, however few calls there were
 * @param extra   how much its cost counts in addition at first; 0 for no difference
 */
public record SlowStart(int calls, Duration longest, double extra) {
    private static final double HIGHEST = 100;
    private static final Duration AN_HOUR = Duration.ofHours(1);

    public static final SlowStart DEFAULT = new SlowStart(200, Duration.ofSeconds(30), 4);

    public SlowStart {
        Settings.check(calls >= 1, "slow-start.calls", calls, "1 or more");
        Settings.check(
                longest.compareTo(Duration.ofMillis(1)) >= 0 && longest.compareTo(AN_HOUR) <= 0,
                "slow-start.longest",
                longest,
                "1 ms to 1 h");
        Settings.check(extra >= 0 && extra <= HIGHEST, "slow-start.extra", extra, "0 to 100; 0 for no difference");
    }

    /** Returns how many times the cost of an instance counts that started so many nanoseconds ago. */
    public double times(int answered, long nanos) {
        double byCalls = (double) answered / calls;
        double byTime = (double) nanos / longest.toNanos();
        return 1 + extra * Math.max(0, 1 - Math.max(byCalls, byTime));
    }
}
