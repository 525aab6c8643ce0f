package io.middleware.core.balancing;

import io.middleware.core.StickyRule;
import io.middleware.core.instance.Instance;
import java.util.List;

/**
 * How {@link Rendezvous} has chosen.
 *
 * @param rule   where the key was found
 * @param chosen the instance
 * @param of     how many candidates were in rank
 * @param busy   those before it in rank, each with as many calls as it may have
 */
public record Ranking(StickyRule rule, Instance chosen, int of, List<Busy> busy) {

    /**
     * An instance that was passed over for its load.
     *
     * @param inFlight its calls that had not ended
     * @param most     how many it might have, one more included
     */
    public record Busy(Instance instance, int inFlight, int most) {}

    /** Returns the rank of the chosen one, from 1. */
    public int rank() {
        return busy.size() + 1;
    }
}
