package io.middleware.core.instance;

import io.middleware.core.SlowStart;
import org.jspecify.annotations.Nullable;

/**
 * Whether an instance's server has just started: its first calls are slow, and the fewer it gets the less is noticed. What that costs
 * is decided by {@link SlowStart}. The first instances of a service are not new: there is nothing that they could be compared with.
 * Lock-free; for an instance that is not new one volatile read.
 */
public final class Newness {
    private volatile @Nullable Start start;

    /**
     * @param at       on the ticker's clock
     * @param outcomes of the instance until then
     */
    private record Start(long at, long outcomes) {}

    /** Called when the server of this instance has started, for the first time or again. */
    public void begin(Instance instance, long now) {
        start = new Start(now, instance.outcomes().all());
    }

    /** Returns how many times the instance's cost counts; 1 if it is not new. */
    public float times(Instance instance, long now) {
        Start known = start;
        if (known == null) {
            return 1;
        }
        long since = instance.outcomes().all() - known.outcomes;
        int answered = OutcomeCounts.outcomes(since) - OutcomeCounts.failures(since);
        double times = instance.group().settings().slowStart().times(answered, now - known.at);
        if (times <= 1) {
            start = null;
        }
        return (float) times;
    }

    /** Returns whether latencies of this instance show what is usual: it is not new, or there are only new ones. */
    public static boolean showsWhatIsUsual(Instance instance) {
        return instance.newness().start == null
                || instance.group().instances().stream().allMatch(other -> other.newness().start != null);
    }
}
