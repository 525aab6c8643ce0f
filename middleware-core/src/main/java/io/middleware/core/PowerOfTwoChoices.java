package io.middleware.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws two candidates at random and takes the one with the lower load, which keeps the longest queue short without a look at
 * all of them and without sending every caller to the same idle instance. Where weights differ, each of the two gets its share
 * of such draws, so that a light one is not left without calls as long as the heavy one is idle too.
 *
 * <pre>
 * share(i) = weight(i) / (inFlight(i) + 1)
 * equal weights:  the larger share is chosen
 * else            a is chosen with probability share(a) / (share(a) + share(b))
 * </pre>
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
        return oneOf(candidates.get(first), candidates.get(second), random);
    }

    private static Instance oneOf(Instance a, Instance b, ThreadLocalRandom random) {
        int weightOfA = a.registration().weight();
        int weightOfB = b.registration().weight();
        if (weightOfA == weightOfB) {
            return a.inFlight() <= b.inFlight() ? a : b;
        }
        // a/x to b/y is a*y to b*x: no division, no rounding
        long shareOfA = (b.inFlight() + 1L) * weightOfA;
        long shareOfB = (a.inFlight() + 1L) * weightOfB;
        return random.nextLong(shareOfA + shareOfB) < shareOfA ? a : b;
    }
}
