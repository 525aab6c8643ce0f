package io.middleware.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A name in the registry and the instances behind it, with all that a call to it needs at hand. */
public final class Service {
    private final String name;
    private final Balancer balancer;
    private final Repeats repeats;
    private final Counts counts = new Counts();
    private final Directory directory;
    private volatile Candidates candidates = Candidates.NONE;
    private final Method notDescribed;
    private volatile Map<String, Method> methods = Map.of();

    /** What is known of a method. Those that are not described share one: their paths are whatever callers send. */
    record Method(MethodTraits traits, HedgeDelay hedgeDelay) { }

    Service(String name, Balancer balancer, Repeats repeats, Directory directory) {
        this.name = name;
        this.balancer = balancer;
        this.repeats = repeats;
        this.directory = directory;
        this.notDescribed = new Method(MethodTraits.UNKNOWN, repeats.newHedgeDelay());
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

    public Counts counts() {
        return counts;
    }

    /** What the method at {@code /package.Service/Method} promises. */
    public MethodTraits traits(String path) {
        return method(path).traits();
    }

    Method method(String path) {
        return methods.getOrDefault(path, notDescribed);
    }

    /** Replaces what is known of the service's methods, by path. */
    public void describe(Map<String, MethodTraits> newer) {
        Map<String, Method> known = methods;
        Map<String, Method> described = new HashMap<>();
        newer.forEach((path, traits) -> {
            Method before = known.get(path);
            described.put(path, new Method(traits, before == null ? repeats.newHedgeDelay() : before.hedgeDelay()));
        });
        methods = Map.copyOf(described);
    }

    /** The instance for the next attempt; null when all were tried, or there is none. */
    Instance choose(Collection<Instance> tried) {
        List<Instance> best = candidates.best(tried);
        return best.isEmpty() ? null : balancer.choose(best);
    }

    /** An instance as good as the best, less those in {@code tried}; null when there is none. */
    Instance choosePeer(Collection<Instance> tried) {
        List<Instance> peers = candidates.peers(tried);
        return peers.isEmpty() ? null : balancer.choose(peers);
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
