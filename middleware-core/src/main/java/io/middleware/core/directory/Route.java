package io.middleware.core.directory;

import io.middleware.core.Deadline;
import io.middleware.core.Priority;
import io.middleware.core.StickyRule;
import io.middleware.core.balancing.Choice;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Room;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC service, and the registry's service that serves it. A call chooses among the instances that list the gRPC service: during
 * a rollout, not all instances may list the same.
 *
 * @param sticky where its calls have the key that chooses their instance; null: the balancer chooses
 */
public record Route(
        Service service, String grpcService, @Nullable StickyRule sticky) {

    static Route of(Service service, String grpcService) {
        return new Route(service, grpcService, service.sticky(grpcService));
    }

    String inWords() {
        return sticky == null ? service.name() : service.name() + ", sticky by " + sticky;
    }

    /** Returns the instances that list the gRPC service. */
    public Tiers candidates() {
        return service.candidates().serving(grpcService);
    }

    /** Returns those of them that execute a call once per idempotency key. */
    public Tiers honouringIdempotencyKeys() {
        return candidates().honouringIdempotencyKeys();
    }

    /**
     * Returns the instance for the next attempt; null if all were tried, or there is none.
     *
     * @param choice gets to know how it was chosen
     */
    public @Nullable Instance choose(Tiers candidates, Collection<Instance> tried, boolean idempotent, Choice choice) {
        return service.pick(best(candidates, tried, idempotent), choice);
    }

    /**
     * Returns an instance that has room for a call of this priority and deadline. If none of the best has room, an unconfirmed one
     * takes the load; null if there is none either.
     */
    public @Nullable Instance choose(
            Tiers candidates,
            Collection<Instance> tried,
            boolean idempotent,
            Priority priority,
            Deadline deadline,
            Choice choice) {
        List<Instance> best = best(candidates, tried, idempotent);
        Instance chosen = service.pick(best, choice);
        if (chosen == null || !chosen.room(priority, deadline).full()) {
            return chosen;
        }
        choice.withoutRoom(best);
        List<Room> rooms = rooms(best, priority, deadline);
        choice.rooms(rooms);
        Instance withRoom = service.pick(withRoom(rooms), choice);
        return withRoom != null
                ? withRoom
                : service.pick(withRoom(rooms(candidates.doubted(tried), priority, deadline)), choice);
    }

    /** Returns an instance as good as the best, not in {@code tried}, where no calls wait; null if there is none. */
    public @Nullable Instance choosePeer(Tiers candidates, Collection<Instance> tried, Choice choice) {
        List<Instance> peers = candidates.peers(tried);
        Instance chosen = service.pick(peers, choice);
        if (chosen == null || !chosen.limit().crowded()) {
            return chosen;
        }
        choice.withoutRoom(peers);
        return service.pick(
                peers.stream().filter(instance -> !instance.limit().crowded()).toList(), choice);
    }

    /** Returns whether all instances execute a call once per idempotency key. */
    public boolean honoursIdempotencyKeys() {
        return candidates().honourIdempotencyKeys();
    }

    /**
     * Returns the same for a call that may have been executed by an instance that is not known: none of the service's has been
     * without keys of late, as far as this process knows them since the call was sent first.
     */
    public boolean hasHonouredIdempotencyKeys(Duration sentBefore) {
        return honoursIdempotencyKeys() && service.hasHonouredIdempotencyKeys(sentBefore);
    }

    private List<Instance> best(Tiers candidates, Collection<Instance> tried, boolean idempotent) {
        List<Instance> best = idempotent ? candidates.best(tried) : candidates.bestProven(tried);
        return candidates.someOnTrial() ? lessInTrial(best) : best;
    }

    /** Leaves out instances on trial that have a call already, if others are left. */
    private List<Instance> lessInTrial(List<Instance> best) {
        long now = service.ticker().nanos();
        List<Instance> left =
                best.stream().filter(instance -> !instance.inTrial(now)).toList();
        return left.isEmpty() ? best : left;
    }

    private static List<Room> rooms(List<Instance> instances, Priority priority, Deadline deadline) {
        return instances.stream()
                .map(instance -> instance.room(priority, deadline))
                .toList();
    }

    private static List<Instance> withRoom(List<Room> rooms) {
        return rooms.stream().filter(room -> !room.full()).map(Room::instance).toList();
    }
}
