package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.Decision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries out what {@link RetryPolicy} decides while no attempt ends: moves attempts, checks their instances, hedges. */
final class OverdueAttempts {
    private static final Outcome STRANDED = Outcome.unsent("it had not been sent when its instance became unavailable");
    private static final Outcome NOT_TAKEN = Outcome.unsent("it had not been sent when another instance was free");
    private static final Outcome LOST = new Outcome(
            Outcome.Kind.IN_DOUBT,
            Code.UNAVAILABLE,
            "it has the call, and answers no health check",
            Outcome.Evidence.NONE);

    private final Decisions decisions;
    private final CallProgress progress;
    private final AttemptHistory history;
    private final InstancePicker picker;
    private final Attempts attempts;
    private final CallTimer timer;
    private final AttemptStarter starter;
    private final Service service;
    private final Ticker ticker;

    OverdueAttempts(
            AttemptContext context,
            CallProgress progress,
            Decisions decisions,
            AttemptHistory history,
            InstancePicker picker,
            Attempts attempts,
            CallTimer timer,
            AttemptStarter starter) {
        this.decisions = decisions;
        this.ticker = context.dependencies().ticker();
        this.service = context.service();
        this.progress = progress;
        this.history = history;
        this.picker = picker;
        this.attempts = attempts;
        this.timer = timer;
        this.starter = starter;
    }

    /** Called when the timer fires: no attempt has ended, and none has won. */
    void look() {
        attempts.excludeFrom(picker);
        progress.beginLook(timer.paused());
        while (!attempts.isEmpty() && !carryOut(decisions.whileWaiting())) {
            // a step that leads to another decision
        }
    }

    /** Returns false if the policy must be asked again. */
    private boolean carryOut(Decision.WhileWaiting decision) {
        switch (decision) {
            case Decision.LookAgain(long nanos) -> timer.set(nanos);
            case Decision.MoveUnsent(boolean stranded) ->
                giveUp(Objects.requireNonNull(attempts.unsent(stranded)), stranded ? STRANDED : NOT_TAKEN);
            case Decision.ReportLost() -> {
                Attempt lost = Objects.requireNonNull(attempts.latest());
                giveUp(lost, lost.unsent() ? STRANDED : LOST);
            }
            case Decision.CheckInstances() -> {
                attempts.overdue(ticker.nanos());
                progress.onInstancesChecked();
                return false;
            }
            case Decision.Hedge(boolean anywhere) -> {
                Instance instance = instanceForHedge(anywhere);
                if (instance == null) {
                    progress.onHedgeRefused();
                    return false;
                }
                starter.start(instance, true);
            }
        }
        return true;
    }

    /** Ends an attempt, as if it had ended so by itself. */
    private void giveUp(Attempt attempt, Outcome outcome) {
        attempt.giveUp(outcome);
        if (!attempts.isEmpty() && attempts.winner() == null) {
            starter.setTimer();
        }
    }

    private @Nullable Instance instanceForHedge(boolean anywhere) {
        Instance instance = picker.pickForHedge(anywhere, attempts.size());
        if (instance == null || !anywhere && !service.mayHedge() || !history.payRetry()) {
            return null;
        }
        history.backOff(Outcome.cancelled());
        service.hedges().started();
        service.counts().hedge(Counts.Hedge.STARTED);
        return instance;
    }
}
