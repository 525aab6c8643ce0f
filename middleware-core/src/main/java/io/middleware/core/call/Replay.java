package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.balancing.Comparison;
import io.middleware.core.instance.Room;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Facts;
import io.middleware.core.record.Step;
import org.jspecify.annotations.Nullable;

/**
 * Decides once more what was decided during a call, from the facts that were recorded. The classes that decide are those of a live
 * call, so with the settings of the gateway each decision is the same; with others it shows what would have become of the call.
 */
public final class Replay {
    private final RetryPolicy policy;
    private final int mostAttempts;

    /**
     * A decision that differs from the recorded one.
     *
     * @param step the recorded one
     * @param now  what is decided this time, or who would be chosen
     */
    public record Difference(Step step, Object now) {}

    /** Replaces recorded facts by what they would have been. */
    @FunctionalInterface
    public interface Supposition {
        /** Returns the facts of this step under the supposition. */
        Facts suppose(Step.Decided step, Facts recorded);
    }

    public Replay(Settings settings) {
        this.policy =
                new RetryPolicy(settings.attempts(), settings.silence().after().toNanos());
        this.mostAttempts = settings.attempts();
    }

    /** Returns the first decision of the call that differs; null if all are the same. */
    public @Nullable Difference firstDifference(CallRecord record) {
        return firstDifference(record, (step, recorded) -> recorded);
    }

    /** Does the same with other facts. What follows a decision that differs is not known: it did not happen. */
    public @Nullable Difference firstDifference(CallRecord record, Supposition supposition) {
        for (Step step : record.steps()) {
            Difference difference = switch (step) {
                case Step.Decided decided -> decide(decided, supposition);
                case Step.Chosen chosen -> choose(chosen);
                default -> null;
            };
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable Difference decide(Step.Decided step, Supposition supposition) {
        Facts facts = step.facts();
        Decision now = facts == null ? RetryPolicy.RESPOND : decision(step, supposition.suppose(step, facts));
        return now.equals(step.decision()) ? null : new Difference(step, now);
    }

    private Decision decision(Step.Decided step, Facts facts) {
        FactsState state = new FactsState(facts, mostAttempts, () -> Boolean.TRUE.equals(facts.peerHasRoom()));
        // the facts are of one moment, so what time it was plays no part
        Outcome after = step.after();
        return after == null ? policy.whileWaiting(0, state) : policy.afterAttempt(after, state);
    }

    private static @Nullable Difference choose(Step.Chosen step) {
        for (Room room : step.choice().rooms()) {
            if (room.full() && room.instance() == step.choice().chosen()) {
                return new Difference(step, room);
            }
        }
        Comparison comparison = step.choice().comparison();
        return comparison == null || comparison.chosen() == step.choice().chosen()
                ? null
                : new Difference(step, comparison.chosen());
    }
}
