package io.middleware.core;

import java.time.Duration;

/**
 * The settings of calls. Each record checks its values when it is created.
 *
 * @param unaryDeadline the deadline of a unary call whose caller set none; 0 for none
 * @param attempts      the most attempts of a call, the first and hedges included; a call that provably never ran may
 *                      have one on each instance even so
 * @param firstBackOff  the wait before a retry when every instance was tried; doubles up to a second, half of it random
 * @param budget        how much load retries may add
 * @param replay        how many bytes of requests may be held for another attempt
 * @param ejection      when ejected instances are probed
 * @param hedge         when a call that got no response is sent to a second instance
 * @param silence       when an instance is pinged because nothing comes back from it
 * @param limit         how many unary calls an instance may have in flight
 * @param sticky        which calls go to the same instance as others with an equal key
 * @param slowStart     how an instance that has just started is spared
 */
public record Settings(
        Duration unaryDeadline,
        int attempts,
        Duration firstBackOff,
        Budget budget,
        Replays replay,
        Ejection ejection,
        Hedge hedge,
        Silence silence,
        Limit limit,
        StickySettings sticky,
        SlowStart slowStart) {
    public static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);
    private static final Duration A_DAY = Duration.ofDays(1);

    /**
     * @param ratio    retries per call, 0 to 1
     * @param floor    retries a second that are allowed however few the calls
     * @param capacity the most retries that can be saved up
     */
    public record Budget(double ratio, int floor, int capacity) {
        public Budget {
            check(ratio >= 0 && ratio <= 1, "budget.ratio", ratio, "0 to 1");
            check(floor >= 0, "budget.floor", floor, "0 or more a second");
            check(capacity >= 1, "budget.capacity", capacity, "1 or more");
        }
    }

    /**
     * @param perCall the most bytes of one request
     * @param total   the most bytes of all requests together
     */
    public record Replays(long perCall, long total) {
        public Replays {
            check(perCall >= 0, "replay.per-call", perCall, "0 bytes or more");
            check(total >= perCall, "replay.total", total, "at least replay.per-call");
        }
    }

    /**
     * @param firstProbe   the wait after the ejection
     * @param longestProbe the longest wait between probes; the wait doubles while they fail
     * @param outliers     whether instances are ejected whose calls fail while those of their peers do not
     * @param firstTrial   the wait after the ejection of an outlier
     * @param longestTrial the longest wait until an outlier gets a call again; the wait doubles while that call fails
     */
    public record Ejection(
            Duration firstProbe, Duration longestProbe, boolean outliers, Duration firstTrial, Duration longestTrial) {
        public Ejection {
            check(firstProbe.compareTo(SHORTEST_WAIT) >= 0, "ejection.first-probe", firstProbe, "10 ms or more");
            check(
                    within(longestProbe, firstProbe, A_DAY),
                    "ejection.longest-probe",
                    longestProbe,
                    "at least ejection.first-probe, at most a day");
            check(firstTrial.compareTo(SHORTEST_WAIT) >= 0, "ejection.first-trial", firstTrial, "10 ms or more");
            check(
                    within(longestTrial, firstTrial, A_DAY),
                    "ejection.longest-trial",
                    longestTrial,
                    "at least ejection.first-trial, at most a day");
        }
    }

    /**
     * Hedges of idempotent calls; others are never hedged. The delay is the method's recent p95, within these bounds.
     *
     * @param initialDelay  the delay while there are too few responses to know the p95
     * @param shortestDelay the least delay: a pause of the garbage collector or the scheduler is no reason for a hedge
     * @param longestDelay  the largest delay
     */
    public record Hedge(Duration initialDelay, Duration shortestDelay, Duration longestDelay) {
        public Hedge {
            check(
                    within(shortestDelay, Duration.ofMillis(1), A_DAY),
                    "hedge.shortest-delay",
                    shortestDelay,
                    "1 ms to a day");
            check(
                    within(longestDelay, shortestDelay, A_DAY),
                    "hedge.longest-delay",
                    longestDelay,
                    "at least hedge.shortest-delay, at most a day");
            check(
                    within(initialDelay, shortestDelay, longestDelay),
                    "hedge.initial-delay",
                    initialDelay,
                    "hedge.shortest-delay to hedge.longest-delay");
        }
    }

    /**
     * Health checks of silent instances, whatever the method: a ping executes nothing.
     *
     * @param after     how long nothing may come back on an attempt; the delay of a hedge if that is shorter
     * @param pingLimit how long a ping may take; longer for a distant instance
     * @param lostAfter how long an ejected instance may be silent; then its unary calls that are not idempotent fail
     */
    public record Silence(Duration after, Duration pingLimit, Duration lostAfter) {
        public Silence {
            check(within(after, Duration.ofMillis(1), A_DAY), "silence.after", after, "1 ms to a day");
            check(
                    within(pingLimit, Duration.ofMillis(5), Duration.ofMinutes(1)),
                    "silence.ping-limit",
                    pingLimit,
                    "5 ms to 1 min");
            check(within(lostAfter, Duration.ofMillis(100), A_DAY), "silence.lost-after", lostAfter, "100 ms to a day");
        }
    }

    /**
     * The concurrency limit, which adapts to the instance. A call is refused when all instances are at their limits.
     *
     * @param enabled     false: no call is refused
     * @param longestWait how much longer than usual calls may wait at an instance; less if they have less time left
     * @param least       the smallest limit
     * @param most        the largest limit, and the initial one
     */
    public record Limit(boolean enabled, Duration longestWait, int least, int most) {
        public Limit {
            check(
                    within(longestWait, Duration.ofMillis(10), Duration.ofMinutes(1)),
                    "limit.longest-wait",
                    longestWait,
                    "10 ms to 1 min");
            check(least >= 1, "limit.least", least, "1 or more");
            check(most >= least, "limit.most", most, "at least limit.least");
        }
    }

    /** Creates settings with the defaults of {@link StickySettings} and {@link SlowStart}. */
    public Settings(
            Duration unaryDeadline,
            int attempts,
            Duration firstBackOff,
            Budget budget,
            Replays replay,
            Ejection ejection,
            Hedge hedge,
            Silence silence,
            Limit limit) {
        this(
                unaryDeadline,
                attempts,
                firstBackOff,
                budget,
                replay,
                ejection,
                hedge,
                silence,
                limit,
                StickySettings.DEFAULT,
                SlowStart.DEFAULT);
    }

    public Settings {
        check(
                !unaryDeadline.isNegative() && unaryDeadline.compareTo(A_DAY) <= 0,
                "unary-deadline",
                unaryDeadline,
                "0 for none, at most a day");
        check(attempts >= 1 && attempts <= 100, "attempts", attempts, "1 to 100");
        check(
                within(firstBackOff, Duration.ofMillis(1), LONGEST_BACK_OFF),
                "first-back-off",
                firstBackOff,
                "1 ms to 1 s");
    }

    public static Settings defaults() {
        return new Settings(
                Duration.ofSeconds(15),
                6,
                Duration.ofMillis(20),
                new Budget(0.2, 10, 500),
                new Replays(4L << 20, 64L << 20),
                new Ejection(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30)),
                new Hedge(Duration.ofMillis(100), Duration.ofMillis(10), Duration.ofSeconds(10)),
                new Silence(Duration.ofMillis(100), Duration.ofMillis(30), Duration.ofSeconds(1)),
                new Limit(true, Duration.ofMillis(500), 10, 10_000));
    }

    private static boolean within(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
