package io.middleware.core.balancing;

import io.middleware.core.Hash64;
import io.middleware.core.instance.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which instances of a large service this gateway uses: connections, pings and probes are for those alone. Each gateway ranks all
 * instances, and uses the first ones of each tier. Each instance also ranks the gateways, and a gateway prefers the instances that
 * prefer it:
 *
 * <pre>
 * h(g, i)      = hash(id of gateway g, id of instance i)
 * place(g, i)  = the number of other gateways with a higher h for i
 * rank at g    = by place(g, i), the lowest first; among equals by h(g, i), the highest first
 * in use       = the first {@code most} of a tier
 * </pre>
 *
 * So each instance is used by as many gateways as any other, and by one more or less at the edge; with independent choices some would
 * be used by several times the mean. Gateways that are not known here only make that less even: alone, a gateway's rank is the plain
 * one by h. When an instance goes, the next in rank replaces it, and nothing else changes; one that comes replaces one at most.
 *
 * <p>Sources: gRPC's proposal A68 (a random subset by rendezvous hashing); D. G. Thaler, C. V. Ravishankar, as in {@link Rendezvous}.
 * That instances rank the gateways, too, is our own. Immutable.
 */
public final class Subset {
    /** Uses all instances. */
    public static final Subset ALL = new Subset(0, "", List.of());

    private static final Comparator<Ranked> BY_RANK = Comparator.comparingInt(Ranked::place)
            .thenComparing(Comparator.comparingLong(Ranked::hash).reversed())
            .thenComparing(ranked -> ranked.instance().id());

    private final int most;
    private final long own;
    private final long[] others;

    private record Ranked(int place, long hash, Instance instance) {}

    /**
     * Creates one.
     *
     * @param most     how many instances of a tier are used; 0 for all
     * @param gateway  the id of this gateway
     * @param gateways the ids of all gateways that are known; this one may be missing
     */
    public Subset(int most, String gateway, Collection<String> gateways) {
        if (most < 0) {
            throw new IllegalArgumentException("most: " + most + " (expected: 1 or more, or 0 for all)");
        }
        this.most = most;
        this.own = Hash64.of(gateway);
        this.others = gateways.stream()
                .filter(other -> !other.equals(gateway))
                .distinct()
                .mapToLong(Hash64::of)
                .toArray();
    }

    /** Returns how many instances of a tier are used; {@link Integer#MAX_VALUE} for all. */
    public int most() {
        return most == 0 ? Integer.MAX_VALUE : most;
    }

    /** Returns the instances in the order of their rank; as they are if there are so few that all are used. */
    public List<Instance> ranked(Collection<Instance> instances) {
        if (instances.size() <= most()) {
            return List.copyOf(instances);
        }
        List<Ranked> ranked = new ArrayList<>(instances.size());
        for (Instance instance : instances) {
            ranked.add(rank(instance));
        }
        ranked.sort(BY_RANK);
        return ranked.stream().map(Ranked::instance).toList();
    }

    private Ranked rank(Instance instance) {
        long id = Hash64.of(instance.id());
        long hash = Hash64.of(own, id);
        int place = 0;
        for (long other : others) {
            place += Hash64.of(other, id) > hash ? 1 : 0;
        }
        return new Ranked(place, hash, instance);
    }
}
