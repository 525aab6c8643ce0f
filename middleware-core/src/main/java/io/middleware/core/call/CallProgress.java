package io.middleware.core.call;

import io.middleware.core.directory.Service;
import io.middleware.core.record.Facts;
import io.middleware.core.retry.HedgeDelay;

/** Gathers the {@link Facts} of a call in flight from its parts. */
final class CallProgress {
    private final AttemptHistory history;
    private final InstancePicker picker;
    private final Attempts attempts;
    private final RequestBuffer request;
    private final HedgeDelay hedgeDelay;
    private final Service service;
    private boolean instancesChecked;
    private boolean hedgeRefused;

    CallProgress(
            AttemptHistory history,
            InstancePicker picker,
            Attempts attempts,
            RequestBuffer request,
            HedgeDelay hedgeDelay,
            Service service) {
        this.history = history;
        this.picker = picker;
        this.attempts = attempts;
        this.request = request;
        this.hedgeDelay = hedgeDelay;
        this.service = service;
    }

    /** Called when the attempts in flight are looked at anew. {@code checked}: the instances are not to be checked. */
    void beginLook(boolean checked) {
        instancesChecked = checked;
        hedgeRefused = false;
    }

    void onInstancesChecked() {
        instancesChecked = true;
    }

    void onHedgeRefused() {
        hedgeRefused = true;
    }

    /**
     * Returns all that a decision depends on, as it is now, but for what only a choice can tell: see {@link #peerHasRoom}.
     *
     * @param now     in nanoseconds
     * @param waiting no attempt has ended: one of them may be given up for another
     */
    Facts facts(long now, boolean waiting) {
        int others = waiting ? attempts.size() - 1 : attempts.size();
        Attempt latest = attempts.latest();
        return new Facts(
                history.idempotent(),
                request.complete(),
                history.started(),
                history.mayHaveRun(),
                history.requestBlamedTwice(),
                history.retries(),
                service.budget().left(),
                service.budget().calls(),
                history.retryRequested(),
                history.retryForbidden(),
                history.mustWait(now) > 0,
                history.keyInUse(attempts.size()),
                picker.untriedLeft(others),
                picker.availableUntriedLeft(others),
                picker.allTriedBefore(),
                attempts.size(),
                latest == null ? -1 : latest.account().timing().waited(now),
                latest != null && latest.unsent(),
                latest != null && latest.account().lost(),
                attempts.unsent(false) != null,
                attempts.unsent(true) != null,
                attempts.allUnavailable(),
                hedgeDelay.nanos(now),
                instancesChecked,
                hedgeRefused,
                null);
    }

    boolean retryRequested() {
        return history.retryRequested();
    }

    boolean keyInUse() {
        return history.keyInUse(attempts.size());
    }

    /** Returns whether an untried instance would take an attempt that is given up elsewhere. */
    boolean peerHasRoom() {
        return picker.peerHasRoom(attempts.size() - 1);
    }
}
