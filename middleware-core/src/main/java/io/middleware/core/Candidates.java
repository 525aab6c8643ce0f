package io.middleware.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

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
    static final Candidates NONE = new Candidates(List.of(), List.of());

    private final List<Instance> all;
    private final List<List<Instance>> tiers;
    private final boolean honourIdempotencyKeys;

    private Candidates(List<Instance> all, List<List<Instance>> tiers) {
        this.all = all;
        this.tiers = tiers;
        this.honourIdempotencyKeys = !all.isEmpty() && all.stream().allMatch(i -> i.registration().idempotencyKeys());
    }

    static Candidates of(Collection<Instance> instances) {
        List<Instance> all = List.copyOf(instances);
        List<List<Instance>> tiers = new ArrayList<>();
        for (boolean ejected : new boolean[] {false, true}) {
            for (Pool pool : Pool.values()) {
                add(tiers, all, i -> i.usable() && i.ejected() == ejected && i.pool() == pool);
            }
        }
        add(tiers, all, i -> i.standing() == Instance.Standing.FAILING);
        return new Candidates(all, List.copyOf(tiers));
    }

    private static void add(List<List<Instance>> tiers, List<Instance> all, Predicate<Instance> which) {
        List<Instance> tier = all.stream().filter(which).toList();
        if (!tier.isEmpty()) {
            tiers.add(tier);
        }
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
