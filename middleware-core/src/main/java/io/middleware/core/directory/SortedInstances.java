package io.middleware.core.directory;

import io.middleware.core.balancing.WeightedInstances;
import io.middleware.core.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sorts instances into {@link Tiers}; of each tier, the first ones in rank. */
final class SortedInstances {
    private final List<Instance> known;
    private final List<Standing> standings = new ArrayList<>();
    private final List<Instance> keyed = new ArrayList<>();
    private final SortedMap<Integer, List<Instance>> numbered = new TreeMap<>();

    /** {@code known}: in the order of rank; {@code most}: how many of each tier are taken. */
    SortedInstances(List<Instance> known, int most) {
        this.known = known;
        for (Instance instance : known) {
            Standing standing = Standing.of(instance);
            List<Instance> tier = numbered.computeIfAbsent(standing.tier(), number -> new ArrayList<>());
            if (tier.size() < most) {
                tier.add(instance);
                standings.add(standing);
            }
            if (instance.registration().idempotencyKeys()) {
                keyed.add(instance);
            }
        }
        numbered.remove(Standing.NO_TIER);
    }

    List<Standing> standings() {
        return List.copyOf(standings);
    }

    List<Instance> instances() {
        return standings.size() == known.size()
                ? known
                : standings.stream().map(Standing::instance).toList();
    }

    /** Returns all that execute a call once per key, in use or not. */
    List<Instance> keyed() {
        return keyed;
    }

    List<List<Instance>> tiers() {
        return numbered.values().stream()
                .<List<Instance>>map(WeightedInstances::of)
                .toList();
    }

    /** Returns the number of the best tier that has one; a very large one if none has. */
    int first() {
        return numbered.isEmpty() ? Integer.MAX_VALUE : numbered.firstKey();
    }

    /** Returns the unconfirmed ones that may take load off the best: a secondary takes none off primaries. */
    List<Instance> doubted() {
        if (first() >= Standing.POOLS) {
            return List.of();
        }
        return numbered.subMap(Standing.POOLS, Standing.POOLS + first() + 1).values().stream()
                .flatMap(List::stream)
                .toList();
    }
}
