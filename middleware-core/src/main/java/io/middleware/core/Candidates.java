package io.middleware.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The instances of a service in the order of preference: an immutable snapshot, made when something changes, so that a call's
 * first choice allocates nothing. The tiers are
 * <ol>
 * <li>primaries, <li>secondaries: usable by the registry's word and not ejected;
 * <li>primaries, <li>secondaries: usable but ejected (better a try than none);
 * <li>registered with a failing check.
 * </ol>
 */
public final class Candidates {
    private static final int NO_TIER = -1;
    static final Candidates NONE = new Candidates(List.of(), List.of());

    private final List<Instance> all;
    private final List<List<Instance>> tiers;
    private final boolean honourIdempotencyKeys;
    private final boolean someShunned;

    private Candidates(List<Instance> all, List<List<Instance>> tiers) {
        this.all = all;
        this.tiers = tiers;
        this.honourIdempotencyKeys = !all.isEmpty() && all.stream().allMatch(i -> i.registration().idempotencyKeys());
        this.someShunned = all.stream().anyMatch(Instance::shunned);
    }

    static Candidates of(Collection<Instance> instances) {
        List<Instance> all = List.copyOf(instances);
        SortedMap<Integer, List<Instance>> tiers = new TreeMap<>();
        for (Instance instance : all) {
            // looked at once: what others change meanwhile must not let it fall between two tiers
            int tier = tier(instance);
            if (tier != NO_TIER) {
                tiers.computeIfAbsent(tier, number -> new ArrayList<>()).add(instance);
            }
        }
        return new Candidates(all, tiers.values().stream().map(List::copyOf).toList());
    }

    private static int tier(Instance instance) {
        int pools = Pool.values().length;
        return switch (instance.standing()) {
            case PASSING, UNCONFIRMED -> instance.pool().ordinal() + (instance.ejected() ? pools : 0);
            case FAILING -> 2 * pools;
            case GONE -> NO_TIER;
        };
    }

    /** Every instance known, whatever its state. */
    public List<Instance> all() {
        return all;
    }

    /** Whether each of them executes a call once per key; the strictest wins. */
    boolean honourIdempotencyKeys() {
        return honourIdempotencyKeys;
    }

    /** The best tier, less the instances in {@code tried}; empty when all were tried. */
    public List<Instance> best(Collection<Instance> tried) {
        for (List<Instance> tier : tiers) {
            List<Instance> left = less(tier, tried);
            if (!left.isEmpty()) {
                return left;
            }
        }
        return List.of();
    }

    /** The same for a call that may not be repeated: who has yet to show that it works is left out where others are left. */
    List<Instance> bestProven(Collection<Instance> tried) {
        List<Instance> best = best(tried);
        if (!someShunned) {
            return best;
        }
        List<Instance> proven = best.stream().filter(i -> !i.shunned()).toList();
        return proven.isEmpty() ? best : proven;
    }

    /** What a first attempt is chosen from, less the instances in {@code tried}; empty when those are all. */
    List<Instance> peers(Collection<Instance> tried) {
        return tiers.isEmpty() ? List.of() : less(tiers.getFirst(), tried);
    }

    /** Calls sent to them that have not ended. */
    int inFlight() {
        int sum = 0;
        for (Instance instance : all) {
            sum += instance.inFlight();
        }
        return sum;
    }

    private static List<Instance> less(List<Instance> tier, Collection<Instance> tried) {
        return tried.isEmpty() ? tier : tier.stream().filter(i -> !tried.contains(i)).toList();
    }
}
