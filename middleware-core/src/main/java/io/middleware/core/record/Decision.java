package io.middleware.core.record;

import org.jspecify.annotations.Nullable;

/** What the retry policy has decided about a call. */
public sealed interface Decision {
    /** The call would be retried, but its service has had too many retries of late. */
    GiveUp NO_BUDGET = new GiveUp("the retry budget is used up");

    String MAY_HAVE_RUN = "it may already have run and is not idempotent";

    /** Another attempt might run the call twice. */
    GiveUp NOT_IDEMPOTENT = new GiveUp(MAY_HAVE_RUN);

    /** What to do after an attempt has ended. */
    sealed interface AfterAttempt extends Decision {}

    /** What to do while no attempt ends. */
    sealed interface WhileWaiting extends Decision {}

    /** The caller gets the response of the attempt that has ended. */
    record Respond() implements AfterAttempt {}

    /**
     * The call ends with the response of the last server that refused it, or with an error of ours.
     *
     * @param reason why there is no other attempt, for the caller; null if the attempts themselves say it
     */
    record GiveUp(@Nullable String reason) implements AfterAttempt {}

    /**
     * Another attempt.
     *
     * @param elsewhere at once on an instance that was not tried; otherwise on any, after a back-off
     * @param paid      it is taken from the retry budget, and counts as one of the call's retries
     */
    record Retry(boolean elsewhere, boolean paid) implements AfterAttempt {}

    /** Attempts in flight may still succeed. */
    record AwaitOthers() implements AfterAttempt {}

    /**
     * An attempt that has not been sent is given up, so that another instance gets it.
     *
     * @param stranded the one whose instance is unavailable; otherwise any that has not been sent
     */
    record MoveUnsent(boolean stranded) implements WhileWaiting {}

    /** The latest attempt is given up: its instance has been silent for too long. */
    record ReportLost() implements WhileWaiting {}

    /** The instances are checked, as their attempts are overdue. Then the policy is asked again. */
    record CheckInstances() implements WhileWaiting {}

    /**
     * One more attempt in parallel, if an instance and the budget allow it. If not, the policy is asked again.
     *
     * @param anywhere on any instance that was not tried; otherwise only on one as good as those tried first
     */
    record Hedge(boolean anywhere) implements WhileWaiting {}

    /** Nothing for now. {@code nanos}: {@link Long#MAX_VALUE} if only the deadline is waited for. */
    record LookAgain(long nanos) implements WhileWaiting {}
}
