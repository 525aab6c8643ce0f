package io.middleware.core.call;

/**
 * What {@link RetryPolicy} needs to know of a call: usually {@link FactsState}, of this moment or of a recorded one.
 */
interface CallState {

    // of the call

    /** The call may run more than once: its method or its key promises it, and no version of the server that has it may differ. */
    boolean idempotent();

    /** All that the caller sent so far can be sent again, and no response has begun. */
    boolean requestKept();

    /** The attempts that were started. */
    int attempts();

    /** An attempt that has ended may have executed the call. */
    boolean mayHaveRun();

    /** Two attempts ended in a way that may have been caused by the request itself. */
    boolean requestBlamedTwice();

    /** Fewer retries were paid for than there may be. */
    boolean retriesLeft();

    /** The service's retry budget has at least one retry. */
    boolean budgetLeft();

    /** The server that refused the call says when to retry it. */
    boolean retryRequested();

    /** A server has asked that nobody retries the call. */
    boolean retryForbidden();

    /** A server has asked to wait, and the time is not over. */
    boolean mustWait();

    /** The call has an idempotency key that may be held by an attempt of it, so that {@code ABORTED} may mean that. */
    boolean keyInUse();

    // of the instances

    /** There is an instance that was not tried. */
    boolean untriedLeft();

    /** There is an instance that was not tried, and that is available. */
    boolean availableUntriedLeft();

    /** Every instance was tried; this is a second round. */
    boolean allTriedBefore();

    /** An instance that was not tried, and that is as good as those tried first, would take the call at once. */
    boolean peerHasRoom();

    // of the attempts in flight

    /** Attempts in flight. After an attempt has ended, it is not among them. */
    int inFlight();

    /** Nanoseconds since the latest attempt has had the whole request; negative if more of it will come. */
    long waited(long now);

    /** The latest attempt has not been sent. */
    boolean latestUnsent();

    /** The latest attempt's instance was silent for {@code silence.lost-after}. */
    boolean latestLost();

    /** One of the attempts has not been sent. */
    boolean someUnsent();

    /** One of the attempts has not been sent, and its instance is unavailable. */
    boolean someStranded();

    /** Each attempt's instance is ejected or does not pass its checks. */
    boolean allUnavailable();

    /** Nanoseconds that an idempotent call waits before it is hedged. */
    long hedgeDelay(long now);

    /** The instances were just checked, or cannot be judged: this process was paused. */
    boolean instancesChecked();

    /** A hedge was just refused, by the budget or for want of an instance. */
    boolean hedgeRefused();
}
