package io.middleware.core.call;

import io.middleware.core.Deadline;
import io.middleware.core.Priority;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.StickyKey;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Tiers;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.record.CallRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the instance of each attempt: one that was not tried, as long as there is one. {@code others} are the attempts in flight that
 * stay there, see {@link AttemptHistory#candidates}.
 */
final class InstancePicker {
    private final Route route;
    private final AttemptHistory history;
    private final boolean unary;
    private final Priority priority;
    private final Deadline deadline;
    private final CallRecord record;
    private final @Nullable StickyKey key;
    private List<Instance> tried = List.of();
    private boolean allTriedBefore;

    InstancePicker(AttemptContext context, Route route, AttemptHistory history) {
        this.record = context.record();
        this.key = context.key();
        this.route = route;
        this.history = history;
        this.unary = context.method().traits().unary();
        this.priority = context.call().priority();
        this.deadline = context.deadline();
    }

    /** Counts the instance among those that were tried. */
    void exclude(Instance instance) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(4);
        }
        if (!tried.contains(instance)) {
            tried.add(instance);
        }
    }

    boolean untriedLeft(int others) {
        return !history.candidates(others).best(tried).isEmpty();
    }

    boolean availableUntriedLeft(int others) {
        List<Instance> best = history.candidates(others).best(tried);
        return !best.isEmpty() && !best.getFirst().isUnavailable();
    }

    /** Returns whether each instance was tried, and now they are for another time. */
    boolean allTriedBefore() {
        return allTriedBefore;
    }

    /** Returns an instance that was not tried; else, when all were, any: from then on they count as untried. Null if none has room. */
    @Nullable
    Instance pick() {
        Instance instance = pickUntried(0);
        if (instance == null && !tried.isEmpty() && !overloaded()) {
            tried = List.of();
            allTriedBefore = true;
            instance = pickUntried(0);
        }
        return instance;
    }

    /** Returns an instance that was not tried; null if there is none, or those left are at their limits. */
    @Nullable
    Instance pickUntried(int others) {
        return pickUntried(others, false);
    }

    private @Nullable Instance pickUntried(int others, boolean forHedge) {
        Choice choice = new Choice(route.sticky(), key);
        Tiers tiers = history.candidates(others);
        Instance instance = unary
                ? route.choose(tiers, tried, history.idempotent(), priority, deadline, choice)
                : route.choose(tiers, tried, history.idempotent(), choice);
        record.chosen(forHedge, tiers, tried, choice);
        return instance;
    }

    /**
     * Returns an instance for a hedge; null if there is none. Slowness is no reason to use a secondary.
     *
     * @param anywhere any that was not tried; otherwise one as good as those tried first
     */
    @Nullable
    Instance pickForHedge(boolean anywhere, int others) {
        try {
            return anywhere ? pickUntried(others, true) : pickPeer(others);
        } catch (RuntimeException e) {
            // the balancer's: the call goes on without a hedge, and the next first choice reports it
            return null;
        }
    }

    private @Nullable Instance pickPeer(int others) {
        Choice choice = new Choice(route.sticky(), key);
        Tiers tiers = history.candidates(others);
        Instance instance = route.choosePeer(tiers, tried, choice);
        record.chosen(true, tiers, tried, choice);
        return instance;
    }

    /** Returns whether an untried instance, as good as those tried first, would take a call at once. */
    boolean peerHasRoom(int others) {
        try {
            return route.choosePeer(history.candidates(others), tried, new Choice(route.sticky(), key)) != null;
        } catch (RuntimeException e) {
            return false; // as above
        }
    }

    /** Returns whether there are instances for an attempt while none is in flight, and each is at its limit. */
    boolean overloaded() {
        return unary && untriedLeft(0);
    }

    /** Returns how the call ranks with those that take its place. */
    Priority priority() {
        return priority;
    }

    /** Returns whether there are instances, and an operator took each out of service. */
    boolean allInMaintenance() {
        List<Instance> all = route.candidates().all();
        return !all.isEmpty() && all.stream().allMatch(instance -> instance.status() == RegistryStatus.MAINTENANCE);
    }
}
