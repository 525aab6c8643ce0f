package io.middleware.core.record;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.Comparison.Figures;
import io.middleware.core.directory.Tiers;
import io.middleware.core.instance.Instance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened during a call. */
public sealed interface Step {
    /** Returns when it happened, in nanoseconds of the ticker. */
    long at();

    /**
     * An instance was chosen, or none was left.
     *
     * @param hedge   for a hedge
     * @param tiers   the instances and how they stood
     * @param tried   those that the call had tried in this round
     * @param choice  how it was chosen
     * @param figures the load of the candidates right after the choice; of {@value CallRecord#MOST_FIGURES} at most
     */
    record Chosen(long at, boolean hedge, Tiers tiers, List<Instance> tried, Choice choice, List<Figures> figures)
            implements Step {}

    /** An attempt began. {@code attempt}: its number, from 1. */
    record Started(long at, int attempt, Instance instance, boolean hedge) implements Step {}

    /** The first of an attempt's response came. {@code replayed}: the server had kept it for the call's idempotency key. */
    record Responded(long at, int attempt, boolean replayed) implements Step {}

    /**
     * An attempt ended, or was given up.
     *
     * @param alive whether its instance had responded to the ping by then, or to another less than 100 ms before; null if the attempt
     *              was never overdue
     */
    record Ended(long at, int attempt, @Nullable Boolean alive, Outcome outcome) implements Step {}

    /**
     * The policy decided.
     *
     * @param after how the attempt ended after which it decided; null while none ends
     * @param facts all that the decision depends on; null if the outcome alone decides
     */
    record Decided(
            long at, @Nullable Outcome after, @Nullable Facts facts, Decision decision) implements Step {}

    /**
     * A retry or hedge was to be paid from the service's budget.
     *
     * @param before  what the budget had left
     * @param calls   the calls that had paid into it so far
     * @param granted whether it was paid
     */
    record Paid(long at, double before, long calls, boolean granted) implements Step {}

    /** Nothing happens for a time before the next attempt. */
    record BackedOff(long at, long nanos) implements Step {}

    /**
     * The caller got the end of its call.
     *
     * @param attempt the number of the attempt whose response it got; 0 for none
     * @param failure what the middleware said itself; null if a server or a stale response said it
     * @param stale   it was a stale response
     * @param left    the caller had gone away before
     */
    record Concluded(
            long at, Code code, int attempt, @Nullable Failure failure, boolean stale, boolean left) implements Step {}
}
