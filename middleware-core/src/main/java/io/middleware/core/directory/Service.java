package io.middleware.core.directory;

import io.middleware.core.Counts;
import io.middleware.core.MethodTraits;
import io.middleware.core.RandomSource;
import io.middleware.core.Settings;
import io.middleware.core.StickyRule;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.Rendezvous;
import io.middleware.core.balancing.StickyKey;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.InstanceGroup;
import io.middleware.core.retry.BackOff;
import io.middleware.core.retry.HedgeDelay;
import io.middleware.core.retry.HedgeLimit;
import io.middleware.core.retry.RetryBudget;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A name in the registry and its instances, with everything that a call to them needs. */
public final class Service implements InstanceGroup {
    private final String name;
    private final Balancer balancer;
    private final Rendezvous rendezvous;
    private final Settings settings;
    private final Ticker ticker;
    private final RetryBudget budget;
    private final BackOff backOff;
    private final Counts counts = new Counts();
    private final HedgeLimit hedges = new HedgeLimit();
    private final AtomicReference<Tiers> candidates = new AtomicReference<>(Tiers.NONE);
    private final Method notDescribed;
    private final KeysHonoured keysHonoured;
    private volatile Map<String, Method> methods = Map.of();

    /** A method's promises and its hedge delay. Methods without a description share one, as callers may send any path. */
    public record Method(MethodTraits traits, HedgeDelay hedgeDelay) {}

    Service(String name, Balancer balancer, Settings settings, Ticker ticker, RandomSource random) {
        this.name = name;
        this.balancer = balancer;
        this.rendezvous = new Rendezvous(settings.sticky());
        this.settings = settings;
        this.ticker = ticker;
        this.budget = new RetryBudget(settings.budget(), ticker);
        this.backOff = new BackOff(name, settings, random);
        this.keysHonoured = new KeysHonoured(ticker);
        this.notDescribed = new Method(MethodTraits.UNKNOWN, newHedgeDelay());
    }

    @Override
    public String name() {
        return name;
    }

    public Tiers candidates() {
        return Objects.requireNonNull(candidates.get());
    }

    @Override
    public List<Instance> instances() {
        return candidates().all();
    }

    @Override
    public Settings.Limit limit() {
        return settings.limit();
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    /** Returns the budget of all retries of the service's calls, hedges among them. */
    public RetryBudget budget() {
        return budget;
    }

    /** Returns how the retries of one call are counted and spaced. */
    public BackOff backOff() {
        return backOff;
    }

    @Override
    public Counts counts() {
        return counts;
    }

    /** Returns the limit of its hedges in flight. */
    public HedgeLimit hedges() {
        return hedges;
    }

    /** Returns whether one more hedge against slowness may start. */
    public boolean mayHedge() {
        return hedges.mayStart(candidates().inFlight());
    }

    /**
     * Returns where calls to a gRPC service have the key that chooses their instance; null if the balancer chooses. Settings go
     * before instances. One instance with a rule is enough, as it may hold a part of the state; of two rules, that of the instance
     * registered last counts.
     */
    @Nullable
    StickyRule sticky(String grpcService) {
        StickyRule rule = settings.sticky().rules().of(grpcService);
        if (rule == null) {
            rule = candidates().serving(grpcService).stickyRule(grpcService);
        }
        return rule == null || rule.source() == StickyRule.Source.NONE ? null : rule;
    }

    /** Returns the promises of the method at {@code /package.Service/Method}. */
    public MethodTraits traits(String path) {
        return method(path).traits();
    }

    public Method method(String path) {
        return methods.getOrDefault(path, notDescribed);
    }

    /** Returns whether a descriptor of the service has the method at this path. */
    public boolean describes(String path) {
        return methods.containsKey(path);
    }

    /** Replaces the descriptions of the service's methods, by path. */
    public void describe(Map<String, MethodTraits> newer) {
        Map<String, Method> known = methods;
        Map<String, Method> described = new HashMap<>();
        newer.forEach((path, traits) -> {
            Method before = known.get(path);
            described.put(path, new Method(traits, before == null ? newHedgeDelay() : before.hedgeDelay()));
        });
        methods = Map.copyOf(described);
    }

    /** Returns whether it has no instance without idempotency keys, and has had none for a while: see {@link KeysHonoured}. */
    boolean hasHonouredIdempotencyKeys() {
        return keysHonoured.settled();
    }

    private HedgeDelay newHedgeDelay() {
        return new HedgeDelay(settings.hedge(), ticker.nanos());
    }

    /** Lets the call's key choose, or else the balancer; null if there is nothing to choose from. {@code choice}: gets to know how. */
    @Nullable
    Instance pick(List<Instance> from, Choice choice) {
        choice.among(from);
        Instance chosen = from.isEmpty() ? null : choose(from, choice);
        choice.chosen(chosen);
        return chosen;
    }

    private Instance choose(List<Instance> from, Choice choice) {
        StickyKey key = choice.key();
        return key == null ? balancer.choose(from, choice) : rendezvous.choose(from, key, choice);
    }

    @Override
    public void onHealthChanged() {
        candidates.updateAndGet(before -> Tiers.of(before.all()));
    }

    /** Only {@link Directory} calls this, under its lock. */
    void publish(Collection<Instance> instances) {
        label(instances);
        keysHonoured.onChange(candidates());
        // made again if the health of one changed meanwhile: no change of either kind is lost
        candidates.updateAndGet(before -> Tiers.of(instances));
        keysHonoured.onChange(candidates());
    }

    /** Several nodes may have registered the same id: then it takes the node to tell the instances apart. */
    private static void label(Collection<Instance> instances) {
        Map<String, Long> perId = instances.stream()
                .collect(Collectors.groupingBy(
                        instance -> instance.registration().id(), Collectors.counting()));
        instances.forEach(instance ->
                instance.label(perId.getOrDefault(instance.registration().id(), 0L) > 1));
    }

    @Override
    public String toString() {
        return name;
    }
}
