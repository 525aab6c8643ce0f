package io.middleware.core.call;

import io.middleware.core.Ticker;
import io.middleware.core.directory.Service;
import io.middleware.core.retry.HedgeDelay;
import java.util.Objects;

/** The {@link CallState} of a call in flight, computed from its parts when it is asked for. */
final class CallProgress implements CallState {
    private final AttemptHistory history;
    private final InstancePicker picker;
    private final Attempts attempts;
    private final RequestBuffer request;
    private final HedgeDelay hedgeDelay;
    private final Service service;
    private final Ticker ticker;
    private boolean instancesChecked;
    private boolean hedgeRefused;

    CallProgress(
            AttemptHistory history,
            InstancePicker picker,
            Attempts attempts,
            RequestBuffer request,
            HedgeDelay hedgeDelay,
            Service service,
            Ticker ticker) {
        this.history = history;
        this.picker = picker;
        this.attempts = attempts;
        this.request = request;
        this.hedgeDelay = hedgeDelay;
        this.service = service;
        this.ticker = ticker;
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

    private Attempt latest() {
        return Objects.requireNonNull(attempts.latest(), "asked only while an attempt is in flight");
    }

    @Override
    public boolean idempotent() {
        return history.idempotent();
    }

    @Override
    public boolean requestKept() {
        return request.complete();
    }

    @Override
    public int attempts() {
        return history.started();
    }

    @Override
    public boolean mayHaveRun() {
        return history.mayHaveRun();
    }

    @Override
    public boolean requestBlamedTwice() {
        return history.requestBlamedTwice();
    }

    @Override
    public boolean retriesLeft() {
        return history.retriesLeft();
    }

    @Override
    public boolean budgetLeft() {
        return service.budget().left() >= 1;
    }

    @Override
    public boolean retryRequested() {
        return history.retryRequested();
    }

    @Override
    public boolean retryForbidden() {
        return history.retryForbidden();
    }

    @Override
    public boolean mustWait() {
        return history.mustWait(ticker.nanos()) > 0;
    }

    @Override
    public boolean untriedLeft() {
        return picker.untriedLeft();
    }

    @Override
    public boolean availableUntriedLeft() {
        return picker.availableUntriedLeft();
    }

    @Override
    public boolean allTriedBefore() {
        return picker.allTriedBefore();
    }

    @Override
    public boolean peerHasRoom() {
        return picker.peerHasRoom();
    }

    @Override
    public int inFlight() {
        return attempts.size();
    }

    @Override
    public long waited(long now) {
        return latest().account().timing().waited(now);
    }

    @Override
    public boolean latestUnsent() {
        return latest().unsent();
    }

    @Override
    public boolean latestLost() {
        return latest().account().lost();
    }

    @Override
    public boolean someUnsent() {
        return attempts.unsent(false) != null;
    }

    @Override
    public boolean someStranded() {
        return attempts.unsent(true) != null;
    }

    @Override
    public boolean allUnavailable() {
        return attempts.allUnavailable();
    }

    @Override
    public long hedgeDelay(long now) {
        return hedgeDelay.nanos(now);
    }

    @Override
    public boolean instancesChecked() {
        return instancesChecked;
    }

    @Override
    public boolean hedgeRefused() {
        return hedgeRefused;
    }
}
