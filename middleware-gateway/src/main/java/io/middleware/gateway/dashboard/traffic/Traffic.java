package io.middleware.gateway.dashboard.traffic;

import io.middleware.core.instance.Instance;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls of the last seconds. Counts only while somebody looks. */
public final class Traffic {
    private final TrafficWindow calls = new TrafficWindow();
    private final Map<Instance, TrafficWindow> instances = new ConcurrentHashMap<>();

    /** Returns all calls. */
    public TrafficWindow calls() {
        return calls;
    }

    /** Returns the attempts on an instance; null if there were none. */
    public @Nullable TrafficWindow of(Instance instance) {
        return instances.get(instance);
    }

    /** Returns some calls of the last second. */
    public List<CallView> samples() {
        return List.of();
    }

    /** Drops what is known of instances that are no more. */
    public void retain(Predicate<Instance> known) {
        instances.keySet().removeIf(known.negate());
    }
}
