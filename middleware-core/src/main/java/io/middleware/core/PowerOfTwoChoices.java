package io.middleware.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws two candidates at random and takes the one with the lower load, which keeps the longest queue short without a look at
 * all of them and without sending every caller to the same idle instance. Where weights differ, each of the two gets its share
 * of such draws, so that a light one is not left without calls as long as the heavy one is idle too.
 *
 * <pre>
 * cost(i)  = latency(i) * (inFlight(i) + 1)
 * share(i) = weight(i) / cost(i)
 *            weight(i) where failed(a) and failed(b) are {@value #MUCH} or more apart
 * equal weights:  the larger share is chosen, but a as below where they are so far apart
 * else            a is chosen with probability share(a) / (share(a) + share(b))
 * </pre>
 *
 * Latency is the peak EWMA of the instance's unary answers. It counts as equal for both where one is not known (an instance that
 * is new is neither flooded nor starved), and where they are less than a factor of {@value #ALIKE} apart: that is noise, and to
 * follow it would send everybody to the same instance.
 *
 * Failed is the share of attempts that failed, as {@link OutcomeCounts} has it. An instance that fails at once has the fewest calls
 * in flight, so these are no measure of it. It gets its share all the same: whether it or the request is to blame is found out by
 * {@link SuccessRateOutliers}, and what else one instance gets less of would falsify that.
 *
 * <p>Sources: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001; the peak EWMA
 * of Finagle's load balancers.
 */
public final class PowerOfTwoChoices implements Balancer {
    private static final int ALIKE = 2;
    private static final double MUCH = 0.25;

    private final Ticker ticker;

    public PowerOfTwoChoices() {
        this(Ticker.system());
    }

    /** {@code ticker}: the clock that attempts are timed by. */
    PowerOfTwoChoices(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public Instance choose(List<Instance> candidates) {
        int size = candidates.size();
        if (size == 1) {
            return candidates.getFirst();
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(size);
        int second = random.nextInt(size - 1);
        if (second >= first) {
            second++;
        }
        return oneOf(candidates.get(first), candidates.get(second), random);
    }

    private Instance oneOf(Instance a, Instance b, ThreadLocalRandom random) {
        int weightOfA = a.registration().weight();
        int weightOfB = b.registration().weight();
        if (Math.abs(a.outcomes().rate() - b.outcomes().rate()) >= MUCH) {
            return drawn(weightOfA, weightOfB, random) ? a : b;
        }
        double costOfA = a.inFlight() + 1;
        double costOfB = b.inFlight() + 1;
        long now = ticker.nanos();
        double latencyOfA = a.latency().nanos(now);
        double latencyOfB = b.latency().nanos(now);
        if (differ(latencyOfA, latencyOfB)) {
            costOfA *= latencyOfA;
            costOfB *= latencyOfB;
        }
        if (weightOfA == weightOfB) {
            return costOfA <= costOfB ? a : b;
        }
        // a/x to b/y is a*y to b*x: no division by nothing
        return drawn(costOfB * weightOfA, costOfA * weightOfB, random) ? a : b;
    }

    private static boolean drawn(double share, double shareOfOther, ThreadLocalRandom random) {
        return random.nextDouble() * (share + shareOfOther) < share;
    }

    private static boolean differ(double a, double b) {
        return a != PeakEwma.UNKNOWN && b != PeakEwma.UNKNOWN && (a >= ALIKE * b || b >= ALIKE * a);
    }
}
