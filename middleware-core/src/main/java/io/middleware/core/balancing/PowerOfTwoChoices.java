package io.middleware.core.balancing;

import io.middleware.core.RandomSource;
import io.middleware.core.SlowStart;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Comparison.Figures;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.OutcomeCounts;
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
 * w(x)     = weight(x) / times(x); times is 1, and more while x is new: see {@link SlowStart}
 * cost(a)  = latency(a) * (inFlight(a) / w(a) + 1 / max(w(a), w(b)))
 * cost(b)  = latency(b) * (inFlight(b) + 1) / w(b)
 * chosen   b if cost(b) is less than cost(a), and failed(a) and failed(b) are less than a quarter apart; else a
 * </pre>
 *
 * The new call counts for a as it would for the heavier one, so an idle instance of little weight keeps the calls that it is drawn
 * for. With equal weights, both costs are latency * (inFlight + 1). Weight 0 is drawn only if all weights are 0.
 *
 * A new instance that is drawn first counts as the second with a probability of 1 - 1 / times: it gets a trickle of calls, by which
 * it warms up, and more only where the others have several times as many in flight.
 *
 * Latency is the peak EWMA of the instance's unary calls. It counts as equal if one is not known (a new instance is neither flooded
 * nor starved), and if they are less than a factor of two apart: that is noise, and following it would send every call
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
        return candidates.size() == 1
                ? candidates.getFirst()
                : draw(WeightedInstances.of(candidates)).chosen();
    }

    @Override
    public Instance choose(List<Instance> candidates, Choice choice) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        Comparison comparison = draw(WeightedInstances.of(candidates));
        choice.compared(comparison);
        return comparison.chosen();
    }

    private Comparison draw(WeightedInstances candidates) {
        RandomGenerator random = this.random.current();
        boolean equal = candidates.equalWeights();
        int first = equal ? random.nextInt(candidates.size()) : candidates.draw(random);
        int second = equal ? otherThan(first, candidates.size(), random) : candidates.drawOther(first, random);
        long now = ticker.nanos();
        Figures a = Figures.of(candidates.get(first), equal ? 1 : candidates.weight(first), now);
        Figures b = Figures.of(candidates.get(second), equal ? 1 : candidates.weight(second), now);
        boolean swapped = a.times() > 1 && random.nextFloat() * a.times() >= 1;
        return swapped ? new Comparison(b, a) : new Comparison(a, b);
    }

    private static int otherThan(int first, int size, RandomGenerator random) {
        int second = random.nextInt(size - 1);
        return second < first ? second : second + 1;
    }
}
