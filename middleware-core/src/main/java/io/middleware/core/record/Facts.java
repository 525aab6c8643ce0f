package io.middleware.core.record;

import org.jspecify.annotations.Nullable;

/**
 * All that a decision about a call depends on, at one moment. Decisions are made from these, so the same facts lead to the same
 * decision whenever they are played again.
 *
 * @param idempotent           the call may run more than once: its method or its key promises it, and no version of the server
 *                             that has it may differ
 * @param requestKept          all that the caller sent so far can be sent again, and no response has begun
 * @param attempts             the attempts that were started
 * @param mayHaveRun           an attempt that has ended may have executed the call
 * @param requestBlamedTwice   two attempts ended in a way that may have been caused by the request itself
 * @param retries              the retries and hedges that were paid for
 * @param budget               the retries that the service's budget has left
 * @param calls                the calls that had paid into that budget so far
 * @param retryRequested       the server that refused the call says when to retry it
 * @param retryForbidden       a server has asked that nobody retries the call
 * @param mustWait             a server has asked to wait, and the time is not over
 * @param keyInUse             the call has an idempotency key that may be held by an attempt of it
 * @param untriedLeft          there is an instance that was not tried
 * @param availableUntriedLeft the same, and that instance is available
 * @param allTriedBefore       every instance was tried; this is a second round
 * @param inFlight             attempts in flight; after an attempt has ended, it is not among them
 * @param waited               nanoseconds since the latest attempt has had the whole request; negative if more will come
 * @param latestUnsent         the latest attempt has not been sent
 * @param latestLost           its instance was silent for {@code silence.lost-after}
 * @param someUnsent           one of the attempts has not been sent
 * @param someStranded         the same, and its instance is unavailable
 * @param allUnavailable       each attempt's instance is ejected or does not pass its checks
 * @param hedgeDelay           nanoseconds that an idempotent call waits before it is hedged
 * @param instancesChecked     the instances were just checked, or cannot be judged as this process was paused
 * @param hedgeRefused         a hedge was just refused, by the budget or for want of an instance
 * @param peerHasRoom          an untried instance as good as those tried first would take the call at once; null if nobody asked,
 *                             as the answer is a choice of its own
 */
public record Facts(
        boolean idempotent,
        boolean requestKept,
        int attempts,
        boolean mayHaveRun,
        boolean requestBlamedTwice,
        int retries,
        double budget,
        long calls,
        boolean retryRequested,
        boolean retryForbidden,
        boolean mustWait,
        boolean keyInUse,
        boolean untriedLeft,
        boolean availableUntriedLeft,
        boolean allTriedBefore,
        int inFlight,
        long waited,
        boolean latestUnsent,
        boolean latestLost,
        boolean someUnsent,
        boolean someStranded,
        boolean allUnavailable,
        long hedgeDelay,
        boolean instancesChecked,
        boolean hedgeRefused,
        @Nullable Boolean peerHasRoom) {

    /** Returns the same with the answer to what is asked last. */
    public Facts withPeerHasRoom(boolean answer) {
        return with(budget, hedgeDelay, answer);
    }

    /** Returns the same under the supposition that these were different. */
    public Facts with(double otherBudget, long otherHedgeDelay) {
        return with(otherBudget, otherHedgeDelay, peerHasRoom);
    }

    private Facts with(double otherBudget, long otherHedgeDelay, @Nullable Boolean answer) {
        return new Facts(
                idempotent,
                requestKept,
                attempts,
                mayHaveRun,
                requestBlamedTwice,
                retries,
                otherBudget,
                calls,
                retryRequested,
                retryForbidden,
                mustWait,
                keyInUse,
                untriedLeft,
                availableUntriedLeft,
                allTriedBefore,
                inFlight,
                waited,
                latestUnsent,
                latestLost,
                someUnsent,
                someStranded,
                allUnavailable,
                otherHedgeDelay,
                instancesChecked,
                hedgeRefused,
                answer);
    }
}
