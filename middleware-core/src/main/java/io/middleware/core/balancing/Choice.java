package io.middleware.core.balancing;

import io.middleware.core.StickyRule;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Room;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one instance was chosen: filled in by those who take part in the choice. Confined to a thread until the choice is made, and
 * not changed afterwards.
 */
public final class Choice {
    private final @Nullable StickyRule rule;
    private final @Nullable StickyKey key;
    private List<Instance> candidates = List.of();
    private List<Instance> full = List.of();
    private List<Room> rooms = List.of();
    private @Nullable Comparison comparison;
    private @Nullable Ranking ranking;
    private @Nullable Instance chosen;

    /** Creates the choice for a call that is not sticky. */
    public Choice() {
        this(null, null);
    }

    /**
     * Creates the choice for a call.
     *
     * @param rule where calls of the service have a key; null if they have none
     * @param key  by what the call is sticky; null if it is not
     */
    public Choice(@Nullable StickyRule rule, @Nullable StickyKey key) {
        this.rule = rule;
        this.key = key;
    }

    /** Returns by what the call is sticky; null if it is not. */
    public @Nullable StickyKey key() {
        return key;
    }

    /** Returns where other calls of the service have a key, and this one has none; null if it has one, or none is expected. */
    public @Nullable StickyRule missingKey() {
        return key == null ? rule : null;
    }

    /** Called before each choice; the last one counts. */
    public void among(List<Instance> candidates) {
        this.candidates = candidates;
        comparison = null;
        ranking = null;
        chosen = null;
    }

    /** Called when candidates have no room for the call, and others are looked at. */
    public void withoutRoom(List<Instance> before) {
        full = before;
    }

    /** Called when candidates were asked for room: those that have none must be among them. */
    public void rooms(List<Room> asked) {
        rooms = asked;
    }

    /** Called by a balancer that compares two candidates. */
    public void compared(Comparison made) {
        comparison = made;
    }

    /** Called when the call's key has chosen. */
    public void ranked(Ranking made) {
        ranking = made;
    }

    /** Called at the end. A comparison that another one was chosen in spite of explains nothing. */
    public void chosen(@Nullable Instance instance) {
        chosen = instance;
        if (comparison != null && comparison.chosen() != instance) {
            comparison = null;
        }
    }

    /** Returns those that the balancer chose from. */
    public List<Instance> candidates() {
        return candidates;
    }

    /** Returns those of whom some had no room, so that the choice was repeated; usually empty. */
    public List<Instance> full() {
        return full;
    }

    /** Returns by what they had room or not; empty if none was asked, or for a hedge, which goes only where nothing waits. */
    public List<Room> rooms() {
        return rooms;
    }

    /** Returns what the balancer has compared; null if it says nothing, or there was one candidate only. */
    public @Nullable Comparison comparison() {
        return comparison;
    }

    /** Returns how the call's key has chosen; null if it had no part in it. */
    public @Nullable Ranking ranking() {
        return ranking;
    }

    /** Returns the instance; null if there was none to choose. */
    public @Nullable Instance chosen() {
        return chosen;
    }
}
