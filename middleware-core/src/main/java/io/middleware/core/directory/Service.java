package io.middleware.core.directory;

import io.middleware.core.Counts;
import io.middleware.core.MethodTraits;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.instance.Instance;
import io.middleware.core.retry.HedgeDelay;
import io.middleware.core.retry.HedgeLimit;
import io.middleware.core.retry.Repeats;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A name in the registry and the instances behind it, with all that a call to it needs at hand. */
public final class Service {
    private final String name;
    private final Balancer balancer;
    private final Repeats repeats;
    private final Counts counts = new Counts();
    private final HedgeLimit hedges = new HedgeLimit();
    private final AtomicReference<Tiers> candidates = new AtomicReference<>(Tiers.NONE);
    private final Method notDescribed;
    private volatile Map<String, Method> methods = Map.of();

    /** What is known of a method. Those that are not described share one: their paths are whatever callers send. */
    public record Method(MethodTraits traits, HedgeDelay hedgeDelay) {}

    Service(String name, Balancer balancer, Repeats repeats) {
        this.name = name;
        this.balancer = balancer;
        this.repeats = repeats;
        this.notDescribed = new Method(MethodTraits.UNKNOWN, repeats.newHedgeDelay());
    }

    public String name() {
        return name;
    }

    public Tiers candidates() {
        return candidates.get();
    }

    public Repeats repeats() {
        return repeats;
    }

    public Counts counts() {
        return counts;
    }

    /** Those under way. */
    public HedgeLimit hedges() {
        return hedges;
    }

    /** There is room for another, as far as it is slowness that it is for. */
    public boolean mayHedge() {
        return hedges.mayStart(candidates().inFlight());
    }

    /** What the method at {@code /package.Service/Method} promises. */
    public MethodTraits traits(String path) {
        return method(path).traits();
    }

    public Method method(String path) {
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

    /** Has the balancer choose; null when there is nothing to choose from. */
    Instance pick(List<Instance> from) {
        return from.isEmpty() ? null : balancer.choose(from);
    }

    /** Of one of its instances. Waits for nobody, as event loops call this. */
    public void healthChanged() {
        candidates.updateAndGet(before -> Tiers.of(before.all()));
    }

    /** Only {@link Directory} calls this, under its lock. */
    void publish(Collection<Instance> instances) {
        // anew where the health of one changed meanwhile: no change of either kind is lost
        candidates.updateAndGet(before -> Tiers.of(instances));
    }

    @Override
    public String toString() {
        return name;
    }
}
