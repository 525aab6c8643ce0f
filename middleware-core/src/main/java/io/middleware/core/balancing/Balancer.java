package io.middleware.core.balancing;

import io.middleware.core.instance.Instance;
import java.util.List;

/** Chooses the instance that gets an attempt. Decides from what it knows, without waiting; called by many threads. */
@FunctionalInterface
public interface Balancer {
    /**
     * @param candidates one or more, equal but for their load; shared, not to be changed
     * @return one of them
     */
    Instance choose(List<Instance> candidates);
}
