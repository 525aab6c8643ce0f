package io.middleware.core.directory;

import io.middleware.core.Deadline;
import io.middleware.core.instance.Instance;
import java.util.Collection;
import java.util.List;

/**
 * A gRPC service, and the service of the registry that serves it. A call chooses among those of its instances that list the gRPC
 * service: while versions roll, they may not all be the same.
 */
public record Route(Service service, String grpcService) {

    /** The instances that list the gRPC service. */
    public Tiers candidates() {
        return service.candidates().serving(grpcService);
    }

    /** Whether there is an instance that is not in {@code tried}. */
    public boolean hasOther(Collection<Instance> tried) {
        return !candidates().best(tried).isEmpty();
    }

    /** The instance for the next attempt of a call that {@code mayRepeat}; null when all were tried, or there is none. */
    public Instance choose(Collection<Instance> tried, boolean mayRepeat) {
        return service.pick(best(candidates(), tried, mayRepeat));
    }

    /**
     * One that has room for a call with this deadline. Where none has that is as good as the best, one that the registry is
     * doubted about takes the load; null when there is none either.
     */
    public Instance choose(Collection<Instance> tried, boolean mayRepeat, Deadline deadline) {
        Tiers candidates = candidates();
        List<Instance> best = best(candidates, tried, mayRepeat);
        Instance chosen = service.pick(best);
        if (chosen == null || !chosen.limit().reached(deadline)) {
            return chosen;
        }
        Instance withRoom = service.pick(withRoom(best, deadline));
        return withRoom != null ? withRoom : service.pick(withRoom(candidates.doubted(tried), deadline));
    }

    /** An instance as good as the best at which no calls wait, less those in {@code tried}; null when there is none. */
    public Instance choosePeer(Collection<Instance> tried) {
        List<Instance> peers = candidates().peers(tried);
        Instance chosen = service.pick(peers);
        return chosen == null || !chosen.limit().crowded()
                ? chosen
                : service.pick(peers.stream()
                        .filter(instance -> !instance.limit().crowded())
                        .toList());
    }

    public boolean honoursIdempotencyKeys() {
        return candidates().honourIdempotencyKeys();
    }

    private List<Instance> best(Tiers candidates, Collection<Instance> tried, boolean mayRepeat) {
        List<Instance> best = mayRepeat ? candidates.best(tried) : candidates.bestProven(tried);
        return candidates.someOnTrial() ? lessInTrial(best) : best;
    }

    /** Without those on trial that have a call already, where others are left. */
    private List<Instance> lessInTrial(List<Instance> best) {
        long now = service.ticker().nanos();
        List<Instance> left =
                best.stream().filter(instance -> !instance.inTrial(now)).toList();
        return left.isEmpty() ? best : left;
    }

    private static List<Instance> withRoom(List<Instance> instances, Deadline deadline) {
        return instances.stream()
                .filter(instance -> !instance.limit().reached(deadline))
                .toList();
    }
}
