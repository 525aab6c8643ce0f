package io.middleware.core.balancing;

import io.middleware.core.RandomSource;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.OutcomeCounts;
import io.middleware.core.instance.PeakEwma;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws two candidates at random and takes the one with the lower load. That keeps the longest queue short without looking at all
 * candidates, and without sending every call to the same idle instance. Both are drawn in proportion to their weights, and the
 * first is kept unless the second has less load for its weight. Between equals, an instance's share of the calls is therefore its
 * weight's share of all weights.
 *
 * <pre>
 * a, b     two different candidates, each drawn with a probability in proportion to weight
 * cost(a)  = latency(a) * (inFlight(a) / weight(a) + 1 / max(weight(a), weight(b)))
 * cost(b)  = latency(b) * (inFlight(b) + 1) / weight(b)
 * chosen   b if cost(b) is less than cost(a), and failed(a) and failed(b) are less than {@value #MUCH} apart; else a
 * </pre>
 *
 * The new call counts for a as it would for the heavier one, so an idle instance of little weight keeps the calls that it is drawn
 * for. With equal weights, both costs are latency * (inFlight + 1). Weight 0 is drawn only if all weights are 0.
 *
 * Latency is the peak EWMA of the instance's unary calls. It counts as equal if one is not known (a new instance is neither flooded
 * nor starved), and if they are less than a factor of {@value #ALIKE} apart: that is noise, and following it would send every call
 * to the same instance.
 *
 * Failed is the share of failed attempts from {@link OutcomeCounts}. An instance that fails at once has the fewest calls in flight,
 * so these do not show its load. It still gets its share: outlier detection finds out whether the instance or the request is to
 * blame, and an uneven share would falsify that.
 *
 * <p>Sources: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001; the peak EWMA
 * of Finagle's load balancers.
 */
public final class PowerOfTwoChoices implements Balancer {
    private static final int ALIKE = 2;
    private static final double MUCH = 0.25;

    private final RandomSource random;
    private final Ticker ticker;

    public PowerOfTwoChoices() {
        this(RandomSource.system(), Ticker.system());
    }

    /** {@code ticker}: the clock that attempts are timed by. */
    public PowerOfTwoChoices(RandomSource random, Ticker ticker) {
        this.random = random;
        this.ticker = ticker;
    }

    @Override
    public Instance choose(List<Instance> candidates) {
        int size = candidates.size();
        if (size == 1) {
            return candidates.getFirst();
        }
        RandomGenerator random = this.random.current();
        WeightedInstances weighted = WeightedInstances.of(candidates);
        if (!weighted.equalWeights()) {
            int first = weighted.draw(random);
            int second = weighted.drawOther(first, random);
            return oneOf(weighted.get(first), weighted.weight(first), weighted.get(second), weighted.weight(second));
        }
        int first = random.nextInt(size);
        int second = random.nextInt(size - 1);
        if (second >= first) {
            second++;
        }
        return oneOf(weighted.get(first), 1, weighted.get(second), 1);
    }

    private Instance oneOf(Instance a, long weightOfA, Instance b, long weightOfB) {
        if (Math.abs(a.outcomes().rate() - b.outcomes().rate()) >= MUCH) {
            return a;
        }
        // both costs times both weights: no division
        double costOfA = (double) a.inFlight() * weightOfB + Math.min(weightOfA, weightOfB);
        double costOfB = (b.inFlight() + 1.0) * weightOfA;
        long now = ticker.nanos();
        double latencyOfA = a.latency().nanos(now);
        double latencyOfB = b.latency().nanos(now);
        if (differ(latencyOfA, latencyOfB)) {
            costOfA *= latencyOfA;
            costOfB *= latencyOfB;
        }
        return costOfB < costOfA ? b : a;
    }

    private static boolean differ(double a, double b) {
        return a != PeakEwma.UNKNOWN && b != PeakEwma.UNKNOWN && (a >= ALIKE * b || b >= ALIKE * a);
    }
}
