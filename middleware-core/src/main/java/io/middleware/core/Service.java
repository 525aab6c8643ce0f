package io.middleware.core;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A name in the registry and the instances behind it, with all that a call to it needs at hand. */
public final class Service {
    private final String name;
    private final Balancer balancer;
    private final Repeats repeats;
    private final Directory directory;
    private volatile Candidates candidates = Candidates.NONE;
    private volatile Map<String, MethodTraits> methods = Map.of();

    Service(String name, Balancer balancer, Repeats repeats, Directory directory) {
        this.name = name;
        this.balancer = balancer;
        this.repeats = repeats;
        this.directory = directory;
    }

    public String name() {
        return name;
    }

    public Candidates candidates() {
        return candidates;
    }

    public Repeats repeats() {
        return repeats;
    }

    /** What the method at {@code /package.Service/Method} promises. */
    public MethodTraits traits(String path) {
        return methods.getOrDefault(path, MethodTraits.UNKNOWN);
    }

    /** Replaces what is known of the service's methods, by path. */
    public void describe(Map<String, MethodTraits> newer) {
        methods = Map.copyOf(newer);
    }

    /** The instance for the next attempt; null when all were tried, or there is none. */
    Instance choose(Collection<Instance> tried) {
        List<Instance> best = candidates.best(tried);
        return best.isEmpty() ? null : balancer.choose(best);
    }

    boolean honoursIdempotencyKeys() {
        return candidates.honourIdempotencyKeys();
    }

    void ejectionChanged(Instance instance) {
        directory.ejectionChanged(instance);
    }

    /** Only {@link Directory} calls this, under its lock. */
    void publish(Collection<Instance> instances) {
        candidates = Candidates.of(instances);
    }

    @Override
    public String toString() {
        return name;
    }
}
