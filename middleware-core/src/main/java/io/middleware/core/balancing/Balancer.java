package io.middleware.core.balancing;

import io.middleware.core.instance.Instance;
import java.util.List;

/** Chooses the instance for an attempt. It must not block, and is called by many threads. */
@FunctionalInterface
public interface Balancer {
    /**
     * @param candidates one or more, equal except for their load; shared, so it must not be changed
     * @return one of them
     */
    Instance choose(List<Instance> candidates);

    /** Does the same, and says how in {@code choice}, if it can. */
    default Instance choose(List<Instance> candidates, Choice choice) {
        return choose(candidates);
    }
}
