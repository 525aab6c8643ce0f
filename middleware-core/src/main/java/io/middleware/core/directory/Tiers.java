package io.middleware.core.directory;

import io.middleware.core.StickyRule;
import io.middleware.core.balancing.Subset;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.RegistryStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Instances in maintenance are in none. A tier has so many instances at most as {@link Subset} allows, and the rest of the service is
 * not here: snapshots are kept with calls.
 */
public final class Tiers {
    static final Tiers NONE = new Tiers(List.of(), Integer.MAX_VALUE);

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

    /** {@code known}: in the order of rank, of which {@code most} of each tier are taken. */
    private Tiers(List<Instance> known, int most) {
        SortedInstances sorted = new SortedInstances(known, most);
        this.standings = sorted.standings();
        this.all = sorted.instances();
        this.tiers = sorted.tiers();
        this.doubted = sorted.doubted();
        this.up = sorted.first() < Standing.FAILING;
        this.ready = sorted.first() < Standing.EJECTED;
        List<Instance> keyed = sorted.keyed();
        this.honourIdempotencyKeys = !known.isEmpty() && keyed.size() == known.size();
        this.honouring = keyed.isEmpty() || honourIdempotencyKeys ? null : new Tiers(keyed, most);
        this.someForIdempotentOnly = all.stream().anyMatch(Instance::idempotentOnly);
        this.someOnTrial = all.stream().anyMatch(Instance::onTrial);
    }

    public static Tiers of(Collection<Instance> instances) {
        return of(instances, Integer.MAX_VALUE);
    }

    /** Does the same for instances in the order of their rank, of which so many of each tier are used. */
    static Tiers of(Collection<Instance> ranked, int most) {
        List<Instance> known = List.copyOf(ranked);
        Tiers whole = new Tiers(known, most);
        if (!alike(known)) {
            whole.split(known, most);
        }
        return whole;
    }

    /** Returns whether all list the same gRPC services. */
    private static boolean alike(List<Instance> instances) {
        for (Instance instance : instances) {
            if (!instance.registration()
                    .grpcServices()
                    .equals(instances.getFirst().registration().grpcServices())) {
                return false;
            }
        }
        return true;
    }

    private void split(List<Instance> known, int most) {
        Map<String, List<Instance>> listed = new LinkedHashMap<>();
        for (Instance instance : known) {
            for (String grpcService : instance.registration().grpcServices()) {
                listed.computeIfAbsent(grpcService, name -> new ArrayList<>()).add(instance);
            }
        }
        // many gRPC services share few different sets of instances
        Map<List<Instance>, Tiers> made = new HashMap<>();
        listed.forEach((grpcService, instances) -> perGrpcService.put(
                grpcService, made.computeIfAbsent(instances, some -> new Tiers(List.copyOf(some), most))));
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

    /** Returns every instance in use, whatever its state: of a small service, all that are known. */
    public List<Instance> all() {
        return all;
    }

    /** Returns the same with those in use for one of the gRPC services only. */
    Collection<Instance> inUse() {
        if (perGrpcService.isEmpty()) {
            return all;
        }
        Set<Instance> inUse = new LinkedHashSet<>(all);
        perGrpcService.values().forEach(tiers -> inUse.addAll(tiers.all));
        return inUse;
    }

    /** Returns how each of them stood when this was made. */
    public List<Standing> standings() {
        return standings;
    }

    /** Returns whether each known instance executes a call once per key, in use or not: another gateway may use it. */
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
