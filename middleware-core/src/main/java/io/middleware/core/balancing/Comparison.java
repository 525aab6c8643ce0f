package io.middleware.core.balancing;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.PeakEwma;

/**
 * Two candidates that {@link PowerOfTwoChoices} has drawn, as it saw them. Which one is chosen follows from these figures alone, so
 * a choice can be explained and played again.
 *
 * @param first  the one that is kept unless the second has less load
 * @param second the other one
 */
public record Comparison(Figures first, Figures second) {
    private static final int ALIKE = 2;
    private static final double MUCH = 0.25;

    /**
     * What is known of a candidate at a moment.
     *
     * @param weight   its weight for this choice: 1 for all if all weights are equal
     * @param inFlight its calls that have not ended
     * @param times    how often its cost counts: more than once while it is new
     * @param latency  in nanoseconds; {@link PeakEwma#UNKNOWN} if not known
     * @param failed   the share of failed attempts, 0 to 1
     */
    public record Figures(Instance instance, long weight, int inFlight, float times, double latency, double failed) {
        /** Returns the figures of an instance at this moment. {@code now}: in nanoseconds. */
        public static Figures of(Instance instance, long weight, long now) {
            return new Figures(
                    instance,
                    weight,
                    instance.inFlight(),
                    instance.newness().times(instance, now),
                    instance.latency().nanos(now),
                    instance.outcomes().rate());
        }
    }

    /** Returns the chosen one. */
    public Instance chosen() {
        return choosesSecond() ? second.instance : first.instance;
    }

    /** Returns whether latency plays a part: both are known, and one is at least {@value #ALIKE} times the other. */
    public boolean comparesLatency() {
        double a = first.latency;
        double b = second.latency;
        return a != PeakEwma.UNKNOWN && b != PeakEwma.UNKNOWN && (a >= ALIKE * b || b >= ALIKE * a);
    }

    /** Returns whether one fails so much more often that its few calls in flight show nothing: then load is not compared. */
    public boolean failsMore() {
        return Math.abs(first.failed - second.failed) >= MUCH;
    }

    /** Returns the cost of the first one, as {@link PowerOfTwoChoices} defines it, in calls or, by latency, in nanoseconds. */
    public double firstCost() {
        return costOfFirst() / weights();
    }

    /** Returns the cost of the second one. */
    public double secondCost() {
        return costOfSecond() / weights();
    }

    private boolean choosesSecond() {
        return !failsMore() && costOfSecond() < costOfFirst();
    }

    // both costs times both weights: no division

    private double costOfFirst() {
        double one = (double) first.times * second.weight;
        double calls = first.inFlight * one + Math.min(one, (double) second.times * first.weight);
        return comparesLatency() ? calls * first.latency : calls;
    }

    private double costOfSecond() {
        double calls = (second.inFlight + 1.0) * second.times * first.weight;
        return comparesLatency() ? calls * second.latency : calls;
    }

    private double weights() {
        return Math.max(1.0, (double) first.weight * second.weight);
    }
}
