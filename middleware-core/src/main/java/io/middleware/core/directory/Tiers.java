package io.middleware.core.directory;

import io.middleware.core.StickyRule;
import io.middleware.core.balancing.WeightedInstances;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.RegistryStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a service in order of preference: an immutable snapshot, made at each change, so that a call's first choice
 * allocates nothing. The tiers are
 * <ol>
 * <li>primaries, <li>secondaries: their checks pass, and they are not ejected;
 * <li>primaries, <li>secondaries: {@link RegistryStatus#UNCONFIRMED}, and not ejected;
 * <li>the same four, but ejected (better than no attempt at all);
 * <li>registered with a failing check.
 * </ol>
 * Instances in maintenance are in none.
 */
public final class Tiers {
    static final Tiers NONE = new Tiers(List.of());

    private final List<Instance> all;
    private final List<Standing> standings;
    private final List<List<Instance>> tiers;
    private final List<Instance> doubted;
    private final boolean up;
    private final boolean ready;
    private final boolean honourIdempotencyKeys;
    /** Null where all of them honour idempotency keys, or none does. */
    private final @Nullable Tiers honouring;

    private final boolean someForIdempotentOnly;
    private final boolean someOnTrial;
    /** Empty where all instances list the same gRPC services. */
    private final Map<String, Tiers> perGrpcService = new HashMap<>();

    private Tiers(List<Instance> all) {
        SortedMap<Integer, List<Instance>> numbered = new TreeMap<>();
        this.standings = all.stream().map(Standing::of).toList();
        for (Standing standing : standings) {
            if (standing.tier() != Standing.NO_TIER) {
                numbered.computeIfAbsent(standing.tier(), number -> new ArrayList<>())
                        .add(standing.instance());
            }
        }
        this.all = all;
        this.tiers = numbered.values().stream()
                .<List<Instance>>map(WeightedInstances::of)
                .toList();
        this.doubted = doubted(numbered);
        this.up = !numbered.isEmpty() && numbered.firstKey() < Standing.FAILING;
        this.ready = !numbered.isEmpty() && numbered.firstKey() < Standing.EJECTED;
        List<Instance> keyed =
                all.stream().filter(i -> i.registration().idempotencyKeys()).toList();
        this.honourIdempotencyKeys = !all.isEmpty() && keyed.size() == all.size();
        this.honouring = keyed.isEmpty() || honourIdempotencyKeys ? null : new Tiers(keyed);
        this.someForIdempotentOnly = all.stream().anyMatch(Instance::idempotentOnly);
        this.someOnTrial = all.stream().anyMatch(Instance::onTrial);
    }

    public static Tiers of(Collection<Instance> instances) {
        Tiers whole = new Tiers(List.copyOf(instances));
        if (whole.all.stream()
                        .map(instance -> instance.registration().grpcServices())
                        .distinct()
                        .count()
                > 1) {
            whole.split();
        }
        return whole;
    }

    private void split() {
        Map<String, List<Instance>> listed = new LinkedHashMap<>();
        for (Instance instance : all) {
            for (String grpcService : instance.registration().grpcServices()) {
                listed.computeIfAbsent(grpcService, name -> new ArrayList<>()).add(instance);
            }
        }
        // many gRPC services share few different sets of instances
        Map<List<Instance>, Tiers> made = new HashMap<>();
        listed.forEach((grpcService, instances) ->
                perGrpcService.put(grpcService, made.computeIfAbsent(instances, some -> new Tiers(List.copyOf(some)))));
    }

    /** Returns the unconfirmed ones that may take load off the best: a secondary takes none off primaries. */
    private static List<Instance> doubted(SortedMap<Integer, List<Instance>> numbered) {
        if (numbered.isEmpty() || numbered.firstKey() >= Standing.POOLS) {
            return List.of();
        }
        return numbered.subMap(Standing.POOLS, Standing.POOLS + numbered.firstKey() + 1).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Returns those that list the gRPC service with this full name. */
    Tiers serving(String grpcService) {
        return perGrpcService.isEmpty() ? this : perGrpcService.getOrDefault(grpcService, NONE);
    }

    /** Returns the rule that the newest instance with one gives for a gRPC service; null if none has one. */
    @Nullable
    StickyRule stickyRule(String grpcService) {
        return all.stream()
                .map(Instance::registration)
                .filter(registration -> registration.sticky().of(grpcService) != null)
                .max(Comparator.comparingLong(Registration::createIndex).thenComparing(Registration::id))
                .map(registration -> registration.sticky().of(grpcService))
                .orElse(null);
    }

    /** Returns every known instance, whatever its state. */
    public List<Instance> all() {
        return all;
    }

    /** Returns how each of them stood when this was made. */
    public List<Standing> standings() {
        return standings;
    }

    /** Returns whether each of them executes a call once per key. */
    boolean honourIdempotencyKeys() {
        return honourIdempotencyKeys;
    }

    /** Returns those that execute a call once per key. */
    Tiers honouringIdempotencyKeys() {
        return honourIdempotencyKeys ? this : honouring == null ? NONE : honouring;
    }

    /** Returns the best tier without the instances in {@code tried}; empty if all were tried. */
    public List<Instance> best(Collection<Instance> tried) {
        for (List<Instance> tier : tiers) {
            List<Instance> left = less(tier, tried);
            if (!left.isEmpty()) {
                return left;
            }
        }
        return List.of();
    }

    /** Returns the same for a call that is not idempotent: without instances new on trial, if others are left. */
    List<Instance> bestProven(Collection<Instance> tried) {
        List<Instance> best = best(tried);
        if (!someForIdempotentOnly) {
            return best;
        }
        List<Instance> proven = best.stream().filter(i -> !i.idempotentOnly()).toList();
        return proven.isEmpty() ? best : proven;
    }

    /** Returns whether one of them passes its checks, or is only doubted to; it may be ejected. */
    public boolean up() {
        return up;
    }

    /** Returns whether a primary or a secondary can respond: one that is {@link #up} and not ejected. */
    public boolean ready() {
        return ready;
    }

    /** Returns whether one of them is on trial. */
    boolean someOnTrial() {
        return someOnTrial;
    }

    /** Returns the tier for first attempts without the instances in {@code tried}; empty if those are all. */
    List<Instance> peers(Collection<Instance> tried) {
        return tiers.isEmpty() ? List.of() : less(tiers.getFirst(), tried);
    }

    /** Returns the unconfirmed that take load if the best have no room, without the instances in {@code tried}. */
    List<Instance> doubted(Collection<Instance> tried) {
        return less(doubted, tried);
    }

    /** Returns the number of their calls that have not ended. */
    int inFlight() {
        int sum = 0;
        for (Instance instance : all) {
            sum += instance.inFlight();
        }
        return sum;
    }

    private static List<Instance> less(List<Instance> tier, Collection<Instance> tried) {
        return tried.isEmpty()
                ? tier
                : tier.stream().filter(i -> !tried.contains(i)).toList();
    }
}
