package io.middleware.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws two candidates at random and takes the one with the lower load, which keeps the longest queue short without a look at
 * all of them and without sending every caller to the same idle instance.
 *
 * <pre>load(i) = (inFlight(i) + 1) / weight(i)</pre>
 *
 * <p>Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001.
 */
public final class PowerOfTwoChoices implements Balancer {

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
        return lessLoaded(candidates.get(first), candidates.get(second));
    }

    private static Instance lessLoaded(Instance a, Instance b) {
        // a/x <= b/y as a*y <= b*x: no division, no rounding
        long loadOfA = (a.inFlight() + 1L) * b.registration().weight();
        long loadOfB = (b.inFlight() + 1L) * a.registration().weight();
        return loadOfA <= loadOfB ? a : b;
    }
}
