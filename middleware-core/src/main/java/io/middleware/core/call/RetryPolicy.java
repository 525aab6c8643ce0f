package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.record.Decision;
import java.util.concurrent.TimeUnit;

/**
 * Decides what happens after an attempt and while none ends. It is the only place in a gateway that asks whether a call may be
 * retried; Nginx and the Java client have rules of their own.
 * {@link RetryLoop} carries out what it decides.
 *
 * <p>After an attempt, in this order:
 *
 * <ol>
 *   <li><b>The server responded</b>, application errors included: the caller gets the response.
 *   <li><b>The deadline has passed</b>: the call ends at once.
 *   <li><b>Unimplemented</b>, though the instance lists the gRPC service: an available instance that was not tried is next,
 *       whatever the method. If none is left, the caller gets the last one's response.
 *   <li><b>Rejected</b>, or this request was on two connections that ended because of a request: the call ends. Another
 *       instance would break at it as well, and with it the calls of others.
 *   <li><b>The server forbids retries</b> ({@link Pushback}), or asks to wait while another attempt is in flight: no retry.
 *   <li><b>Another attempt is in flight, and no instance is left that was not tried</b>: it is awaited.
 *   <li><b>Not idempotent</b>, and this attempt or another may have run: the call ends, and the error says so.
 *   <li><b>The request was not kept</b>, as the response has begun or it was too large: the call ends.
 *   <li><b>Unsent</b>, and an instance is left that was not tried: that one, at once and free of charge, whatever the method.
 *   <li><b>Too many attempts, or the budget is used up</b>: the call ends. The limit does not hold for 9 in the first round.
 *   <li>Otherwise it is retried: at once on an instance that was not tried, or after a back-off on any.
 * </ol>
 *
 * <p>{@code ABORTED} is no response if another attempt may hold the call's idempotency key. That key is in use wherever the call goes,
 * so no instance counts as left: an attempt in flight is awaited, or there is a back-off.
 *
 * <p>Where the call would end otherwise than by 1 or 2, attempts in flight are awaited first.
 *
 * <p>A server that responds with {@code UNAVAILABLE} asks for another instance. Whether it has executed anything is unknown, so it
 * may have run. {@code RESOURCE_EXHAUSTED} may be a quota, which another instance would only be asked to exceed: it is retried only
 * if the server says when.
 *
 * <p>A call with an idempotency key counts as idempotent as long as each attempt that may have run is on an instance that honours
 * keys. Only such instances get it then.
 *
 * <p>While no attempt ends, in this order:
 *
 * <ol>
 *   <li><b>Unsent, and its instance is unavailable</b>: it moves to an instance that was not tried.
 *   <li><b>Not idempotent, and its instance is lost</b>, silent for {@code silence.lost-after}: the call ends, as it
 *       may have run. Idempotent calls are hedged; others can only wait, so they fail now.
 *   <li><b>The request is not complete</b>: only an attempt that was not sent can move.
 *   <li><b>Overdue</b>, when {@code min(hedge delay, silence.after)} has passed: its instance is checked, whatever the method. Not
 *       if this process was paused: our own pause is no evidence against an instance.
 *   <li><b>Idempotent, and the hedge delay has passed</b>, or every instance that has it is unavailable: a hedge.
 *   <li><b>Unsent</b>, as its instance has no stream free: it moves to a peer that has room. An idempotent call is hedged first,
 *       which leaves it its place.
 *   <li>Otherwise it is looked at again, at growing intervals: a call that is silent for hours must not wake up a thousand times.
 * </ol>
 */
final class RetryPolicy {
    /** A timer may fire a little early for an attempt that got the last of the request a little later. */
    static final long SLACK = TimeUnit.MILLISECONDS.toNanos(1);

    static final Decision.AfterAttempt RESPOND = new Decision.Respond();
    static final Decision.AfterAttempt AWAIT_OTHERS = new Decision.AwaitOthers();
    static final Decision.AfterAttempt RETRY_FREE = new Decision.Retry(true, false);
    static final Decision.AfterAttempt RETRY_ELSEWHERE = new Decision.Retry(true, true);
    static final Decision.AfterAttempt RETRY_LATER = new Decision.Retry(false, true);
    static final Decision.AfterAttempt TIME_IS_OVER = new Decision.GiveUp(null);
    static final Decision.AfterAttempt NOT_IDEMPOTENT = Decision.NOT_IDEMPOTENT;
    static final Decision.AfterAttempt REJECTED = new Decision.GiveUp(
            "it objects to the request itself, and what that breaks at one instance it would break at others");
    static final Decision.AfterAttempt NOT_KEPT =
            new Decision.GiveUp("the request was too large to be kept for another attempt");
    static final Decision.AfterAttempt FORBIDDEN = new Decision.GiveUp("the server asks not to retry");
    static final Decision.AfterAttempt TOO_MANY = new Decision.GiveUp("the limit of attempts is reached");

    static final Decision.WhileWaiting MOVE_STRANDED = new Decision.MoveUnsent(true);
    static final Decision.WhileWaiting MOVE_UNSENT = new Decision.MoveUnsent(false);
    static final Decision.WhileWaiting REPORT_LOST = new Decision.ReportLost();
    static final Decision.WhileWaiting CHECK_INSTANCES = new Decision.CheckInstances();
    static final Decision.WhileWaiting HEDGE = new Decision.Hedge(false);
    static final Decision.WhileWaiting HEDGE_ANYWHERE = new Decision.Hedge(true);
    static final Decision.WhileWaiting REST = new Decision.LookAgain(CallTimer.NEVER);

    private final int mostAttempts;
    private final long silentAfter;

    /**
     * Creates the policy.
     *
     * @param mostAttempts the most attempts of a call; attempts that were provably not executed may exceed it, one per instance
     * @param silentAfter  nanoseconds after which an attempt is overdue, if the hedge delay is not less
     */
    RetryPolicy(int mostAttempts, long silentAfter) {
        this.mostAttempts = mostAttempts;
        this.silentAfter = silentAfter;
    }

    /** Decides what happens after an attempt that ended so. */
    Decision.AfterAttempt afterAttempt(Outcome outcome, CallState state) {
        if (isFinal(outcome, state.retryRequested(), state.keyInUse())) {
            return RESPOND;
        }
        if (outcome.code() == Code.DEADLINE_EXCEEDED) {
            return TIME_IS_OVER;
        }
        Decision.AfterAttempt decision = afterFailure(outcome, state);
        return decision instanceof Decision.Retry || state.inFlight() == 0 ? decision : AWAIT_OTHERS;
    }

    /**
     * Returns whether the server has ended the call, and no other instance may do better. For the other parameters see
     * {@link CallState}.
     */
    static boolean isFinal(Outcome outcome, boolean retryRequested, boolean keyInUse) {
        Code code = outcome.code();
        boolean refused = code == Code.UNAVAILABLE
                || code == Code.RESOURCE_EXHAUSTED && retryRequested
                || code == Code.ABORTED && keyInUse;
        return outcome.kind() == Outcome.Kind.ANSWERED && !refused;
    }

    private Decision.AfterAttempt afterFailure(Outcome outcome, CallState state) {
        if (outcome.code() == Code.UNIMPLEMENTED) {
            boolean another = state.inFlight() == 0 && state.requestKept() && state.availableUntriedLeft();
            return another && state.attempts() < mostAttempts ? RETRY_FREE : RESPOND;
        }
        if (outcome.kind() == Outcome.Kind.REJECTED || outcome.blamesRequest() && state.requestBlamedTwice()) {
            return REJECTED;
        }
        if (state.retryForbidden()) {
            return FORBIDDEN;
        }
        boolean others = state.inFlight() > 0;
        boolean elsewhere = outcome.code() != Code.ABORTED && state.untriedLeft();
        if (others && (!elsewhere || state.mustWait())) {
            return AWAIT_OTHERS;
        }
        return mightRunTwice(state, others) ? NOT_IDEMPOTENT : retry(outcome, state, elsewhere);
    }

    private Decision.AfterAttempt retry(Outcome outcome, CallState state, boolean elsewhere) {
        if (!state.requestKept()) {
            return NOT_KEPT;
        }
        boolean firstRound = elsewhere && !state.allTriedBefore();
        if (!firstRound && state.attempts() >= mostAttempts) {
            return TOO_MANY;
        }
        if (outcome.kind() == Outcome.Kind.UNSENT && elsewhere) {
            return RETRY_FREE;
        }
        if (!state.retriesLeft()) {
            return TOO_MANY;
        }
        if (!state.budgetLeft()) {
            return Decision.NO_BUDGET;
        }
        return elsewhere ? RETRY_ELSEWHERE : RETRY_LATER;
    }

    /** Decides what happens while no attempt ends. {@code now}: in nanoseconds. */
    Decision.WhileWaiting whileWaiting(long now, CallState state) {
        boolean others = state.inFlight() > 1;
        if (state.someStranded() && state.requestKept() && state.untriedLeft() && !mightRunTwice(state, others)) {
            return MOVE_STRANDED;
        }
        if (!state.idempotent() && state.latestLost()) {
            return REPORT_LOST;
        }
        long delay = state.hedgeDelay(now);
        long waited = state.waited(now);
        if (waited < 0) {
            return canMove(state, others) ? MOVE_UNSENT : state.latestUnsent() ? new Decision.LookAgain(delay) : REST;
        }
        long overdue = overdueAfter(delay);
        if (waited < overdue - SLACK) {
            return new Decision.LookAgain(overdue - waited);
        }
        return state.instancesChecked() ? whileOverdue(waited, delay, state, others) : CHECK_INSTANCES;
    }

    private Decision.WhileWaiting whileOverdue(long waited, long delay, CallState state, boolean others) {
        boolean allUnavailable = state.allUnavailable();
        if (waited < delay - SLACK && !allUnavailable) {
            return !state.idempotent() && canMove(state, others)
                    ? MOVE_UNSENT
                    : new Decision.LookAgain(Math.min(delay - waited, nextCheck(waited)));
        }
        if (canHedge(state)) {
            return allUnavailable ? HEDGE_ANYWHERE : HEDGE;
        }
        if (canMove(state, others)) {
            return MOVE_UNSENT;
        }
        return new Decision.LookAgain(allUnavailable ? nextCheck(waited) : Math.max(delay, waited / 8));
    }

    /** Returns the nanoseconds after which an attempt is overdue. */
    long overdueAfter(long hedgeDelay) {
        return Math.min(hedgeDelay, silentAfter);
    }

    /** Sees what became of a health check, and starts another at growing intervals. */
    private long nextCheck(long waited) {
        return Math.max(silentAfter / 2, waited / 8);
    }

    private boolean canHedge(CallState state) {
        return state.requestKept()
                && state.idempotent()
                && state.attempts() < mostAttempts
                && state.retriesLeft()
                && !state.retryForbidden()
                && !state.mustWait()
                && !state.hedgeRefused();
    }

    private static boolean canMove(CallState state, boolean others) {
        return state.someUnsent()
                && state.requestKept()
                && !mightRunTwice(state, others)
                && !state.allTriedBefore()
                && !state.retryForbidden()
                && !state.mustWait()
                && state.availableUntriedLeft()
                && state.peerHasRoom();
    }

    /** Returns whether another attempt might be one too many. {@code others}: further attempts are in flight. */
    static boolean mightRunTwice(CallState state, boolean others) {
        return mightRunTwice(state.idempotent(), others || state.mayHaveRun());
    }

    /** {@code mayRun}: an attempt may have executed the call, or may still do so. */
    static boolean mightRunTwice(boolean idempotent, boolean mayRun) {
        return !idempotent && mayRun;
    }
}
