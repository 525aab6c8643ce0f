package io.middleware.core.balancing;

import io.middleware.core.Hash64;
import io.middleware.core.StickySettings;
import io.middleware.core.instance.Instance;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the instance for a key: the same one as long as it is a candidate and not too busy. Each pair of key and instance has a
 * score, and the instances are ranked by it.
 *
 * <pre>
 * u(k, i)     = hash(k, i) as a number between 0 and 1
 * score(k, i) = u(k, i)                        if all weights are equal
 *             = weight(i) / -ln(u(k, i))       otherwise
 * mean        = (calls in flight at all candidates + 1) / candidates
 * most(i)     = max(least, ceil(bound * mean)), for other weights: in proportion to them
 * chosen      the first in rank with inFlight(i) + 1 &lt;= most(i)
 * </pre>
 *
 * When an instance goes, only its own keys move, each to the next in its rank; one that comes takes its share and moves no other
 * key. A call's retries and hedges find the instances tried before left out, so they go to the next in rank as well.
 *
 * As {@code bound} is at least 1, there is always one with room. {@code least} keeps keys in place while there are few calls, when
 * two on one instance already are twice the mean.
 *
 * <p>Sources: D. G. Thaler, C. V. Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on
 * Networking 6(1), 1998 (highest random weight); C. Schindelhauer, G. Schomaker, "Weighted Distributed Hash Tables", SPAA 2005 (the
 * logarithm); V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018.
 */
public final class Rendezvous {
    private static final double UNIT = 0x1p-53;

    private final StickySettings settings;

    public Rendezvous(StickySettings settings) {
        this.settings = settings;
    }

    /** Returns one of {@code among}, which has one or more, and says in {@code choice} how it was chosen. */
    public Instance choose(List<Instance> among, StickyKey key, Choice choice) {
        WeightedInstances candidates = WeightedInstances.of(among);
        int first = next(candidates, key, Double.POSITIVE_INFINITY, -1);
        List<Ranking.Busy> busy = List.of();
        int chosen = first;
        if (settings.bounded() && candidates.size() > 1) {
            long calls = 1;
            for (int i = 0; i < candidates.size(); i++) {
                calls += candidates.get(i).inFlight();
            }
            int most = most(candidates, chosen, calls);
            int inFlight = candidates.get(chosen).inFlight();
            while (inFlight >= most && busy.size() < candidates.size() - 1) {
                busy = busy.isEmpty() ? new ArrayList<>(2) : busy;
                busy.add(new Ranking.Busy(candidates.get(chosen), inFlight, most));
                chosen = next(candidates, key, score(candidates, key, chosen), chosen);
                most = most(candidates, chosen, calls);
                inFlight = candidates.get(chosen).inFlight();
            }
            if (inFlight >= most) {
                // others have changed the figures meanwhile: then the load is no reason against the first
                chosen = first;
                busy = List.of();
            }
        }
        Instance instance = candidates.get(chosen);
        choice.ranked(new Ranking(key.rule(), instance, candidates.size(), busy));
        return instance;
    }

    /** Returns the best of those that come after one in rank. {@code after}: its index; -1 for the best of all. */
    private static int next(WeightedInstances candidates, StickyKey key, double score, int after) {
        int best = -1;
        double highest = 0;
        for (int i = 0; i < candidates.size(); i++) {
            double other = score(candidates, key, i);
            // of equal scores, which only instances without weight have, the first is first
            boolean later = other < score || other == score && i > after;
            if (later && (best < 0 || other > highest)) {
                best = i;
                highest = other;
            }
        }
        return best;
    }

    private static double score(WeightedInstances candidates, StickyKey key, int index) {
        long hash = Hash64.of(key.hash(), candidates.idHash(index));
        double unit = ((hash >>> 11) + 0.5) * UNIT;
        return candidates.equalWeights() ? unit : candidates.weight(index) / -Math.log(unit);
    }

    /** Returns how many calls the instance may have with this one. {@code calls}: at all candidates, with this one. */
    private int most(WeightedInstances candidates, int index, long calls) {
        boolean equal = candidates.equalWeights();
        long weight = equal ? 1 : candidates.weight(index);
        long weights = equal ? candidates.size() : candidates.totalWeight();
        return weight == 0
                ? 0
                : Math.max(settings.least(), (int) Math.ceil(settings.bound() * calls * weight / weights));
    }
}
