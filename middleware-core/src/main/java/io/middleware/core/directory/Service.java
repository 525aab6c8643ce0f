package io.middleware.core.directory;

import io.middleware.core.Counts;
import io.middleware.core.MethodTraits;
import io.middleware.core.RandomSource;
import io.middleware.core.Settings;
import io.middleware.core.StickyRule;
import io.middleware.core.StickyRules;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.Rendezvous;
import io.middleware.core.balancing.StickyKey;
import io.middleware.core.balancing.Subset;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.InstanceGroup;
import io.middleware.core.retry.BackOff;
import io.middleware.core.retry.HedgeDelay;
import io.middleware.core.retry.HedgeLimit;
import io.middleware.core.retry.RetryBudget;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
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
    private final InstancesInUse inUse;
    private volatile Known known = new Known(List.of(), Integer.MAX_VALUE);
    private volatile Map<String, Method> methods = Map.of();

    /** A method's promises and its hedge delay. Methods without a description share one, as callers may send any path. */
    public record Method(MethodTraits traits, HedgeDelay hedgeDelay) {}

    /** All instances, in the order of rank if they are more than may be used; {@code most}: of each tier. */
    private record Known(List<Instance> instances, int most) {}

    Service(
            String name,
            Balancer balancer,
            Settings settings,
            Ticker ticker,
            RandomSource random,
            UseListener useListener) {
        this.name = name;
        this.inUse = new InstancesInUse(this, useListener);
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

    /** Returns every instance that calls use, whatever its state; of a small service, all of them. */
    @Override
    public List<Instance> instances() {
        return candidates().all();
    }

    /** Returns every instance that the registry knows, or that is unconfirmed. */
    public List<Instance> known() {
        return known.instances;
    }

    @Override
    public Settings settings() {
        return settings;
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

    /** Returns whether it has had no instance without idempotency keys since a call was sent first: see {@link KeysHonoured}. */
    boolean hasHonouredIdempotencyKeys(Duration sentBefore) {
        return keysHonoured.since(sentBefore);
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
        sort();
    }

    private void sort() {
        // made again if the health of one changed meanwhile: no change of either kind is lost
        candidates.updateAndGet(before -> {
            Known now = known;
            return Tiers.of(now.instances, now.most);
        });
        inUse.onChange(known.instances, () -> candidates().inUse());
    }

    /** Only {@link Directory} calls this, under its lock. */
    void publish(Collection<Instance> instances, Subset subset) {
        Labels.set(instances);
        keysHonoured.onChange(candidates());
        // every gateway must find the same instance for a key
        Subset used = someSticky(instances) ? Subset.ALL : subset;
        known = new Known(used.ranked(instances), used.most());
        sort();
        keysHonoured.onChange(candidates());
    }

    private boolean someSticky(Collection<Instance> instances) {
        return instances.stream()
                .map(Instance::registration)
                .anyMatch(registration -> !registration.sticky().equals(StickyRules.NONE)
                        || registration.grpcServices().stream()
                                .anyMatch(each -> settings.sticky().rules().of(each) != null));
    }

    @Override
    public String toString() {
        return name;
    }
}
