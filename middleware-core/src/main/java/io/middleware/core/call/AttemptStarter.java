package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.retry.HedgeDelay;
import org.jspecify.annotations.Nullable;

/** Starts the attempts of a call, each on an instance that it picks, or ends the call if there is none. */
final class AttemptStarter {
    private final RetryPolicy policy;
    private final Ticker ticker;
    private final Service service;
    private final HedgeDelay hedgeDelay;
    private final AttemptHistory history;
    private final InstancePicker picker;
    private final Attempts attempts;
    private final CallTimer timer;
    private final Listener listener;

    /** Gets to know when there are no more attempts. */
    interface Listener {
        /** The call ends without success. {@code reason}: why there is no other attempt; null if the attempts say it. */
        void onGivenUp(Code code, @Nullable String reason);

        /** Another attempt has replaced one: whether the request can be sent may have changed. */
        void onReplaced();
    }

    AttemptStarter(
            AttemptContext context,
            AttemptHistory history,
            InstancePicker picker,
            Attempts attempts,
            CallTimer timer,
            Listener listener) {
        this.policy = context.dependencies().policy();
        this.ticker = context.dependencies().ticker();
        this.service = context.service();
        this.hedgeDelay = context.method().hedgeDelay();
        this.history = history;
        this.picker = picker;
        this.attempts = attempts;
        this.timer = timer;
        this.listener = listener;
    }

    /**
     * Starts an attempt on an instance that was not tried or, if all were, on any. Returns true if the attempt is in flight
     * and not the call's first.
     */
    boolean start() {
        Instance instance = pick();
        if (instance != null) {
            return !start(instance, false).ended() && attempts.started() > 1;
        }
        if (!attempts.isEmpty()) {
            setTimer();
        }
        return false;
    }

    Attempt start(Instance instance, boolean hedge) {
        Attempt attempt = attempts.add(instance, hedge);
        history.onStart(instance);
        if (instance.onTrial()) {
            instance.tried(ticker.nanos());
        }
        setTimer();
        attempts.open(attempt);
        return attempt;
    }

    /** Sets the timer to when an attempt that begins now is overdue. */
    void setTimer() {
        timer.set(policy.overdueAfter(hedgeDelay.nanos(ticker.nanos())));
    }

    /** Returns an instance; null if none is left. Then the call has failed, unless another attempt is in flight. */
    private @Nullable Instance pick() {
        boolean others = !attempts.isEmpty();
        try {
            Instance instance = others ? picker.pickUntried(attempts.size()) : picker.pick();
            if (instance == null && !others) {
                failWithoutInstance();
            }
            return instance;
        } catch (RuntimeException e) {
            if (!others) {
                listener.onGivenUp(Code.INTERNAL, "the balancer of " + service + " failed: " + e);
            }
            return null;
        }
    }

    private void failWithoutInstance() {
        if (picker.overloaded()) {
            listener.onGivenUp(
                    Code.RESOURCE_EXHAUSTED,
                    "each instance of " + service + " that could take it has as many calls as it completes in time"
                            + switch (picker.priority()) {
                                case CRITICAL -> ", critical ones included";
                                case NORMAL -> "";
                                case SHEDDABLE -> ", and others go first";
                            });
        } else {
            listener.onGivenUp(
                    Code.UNAVAILABLE,
                    picker.allInMaintenance()
                            ? "each instance of " + service + " that serves it is in maintenance"
                            : "no instance of " + service + " is registered");
        }
    }
}
