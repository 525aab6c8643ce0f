package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Deadline;
import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Pool;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import java.util.concurrent.TimeUnit;

/** Carries out what {@link Decisions} says after an attempt, until one wins; {@link OverdueAttempts} while none ends. */
final class RetryLoop {
    private final Decisions decisions;
    private final CallRecord record;
    private final AttemptHistory history;
    private final InstancePicker picker;
    private final Attempts attempts;
    private final RequestBuffer request;
    private final CallTimer timer;
    private final Deadline deadline;
    private final Ticker ticker;
    private final Service service;
    private final AttemptStarter starter;
    private final OverdueAttempts overdue;
    private final AttemptStarter.Listener listener;

    RetryLoop(
            AttemptContext context,
            AttemptHistory history,
            InstancePicker picker,
            Attempts attempts,
            AttemptStarter.Listener listener) {
        CallDependencies dependencies = context.dependencies();
        this.ticker = dependencies.ticker();
        this.history = history;
        this.picker = picker;
        this.attempts = attempts;
        this.request = context.request();
        this.deadline = context.deadline();
        this.service = context.service();
        this.listener = listener;
        CallProgress progress = new CallProgress(
                history, picker, attempts, request, context.method().hedgeDelay(), service);
        this.decisions = new Decisions(context, progress);
        this.record = context.record();
        this.timer = new CallTimer(
                context.call().timers(),
                deadline,
                ticker,
                dependencies.outliers().pauses(),
                this::onTimer);
        this.starter = new AttemptStarter(context, history, picker, attempts, timer, listener);
        this.overdue = new OverdueAttempts(context, progress, decisions, history, picker, attempts, timer, starter);
    }

    /** Starts an attempt that is not a hedge. */
    void start() {
        if (deadline.passed()) {
            expire();
        } else if (RetryPolicy.mightRunTwice(history.idempotent(), !attempts.isEmpty() || history.mayHaveRun())) {
            // none is left that honours the call's key, or it was sent before, and nobody knows where
            listener.onGivenUp(Code.UNAVAILABLE, Decision.MAY_HAVE_RUN);
        } else if (starter.start()) {
            listener.onReplaced();
        }
    }

    // after an attempt

    /** Called when a server refused the call. {@code pushback}: see {@link Pushback}. */
    void onRefusal(long pushback) {
        history.onRefusal(pushback, ticker.nanos());
    }

    /** Returns whether no other instance may do better than the one whose attempt ended so. */
    boolean isFinal(Outcome outcome) {
        return RetryPolicy.isFinal(outcome, history.retryRequested(), history.keyInUse(attempts.size()));
    }

    /** Called when an attempt was in vain. While other instances are left, those tried or being tried are not tried again. */
    void onFailure(Attempt attempt, Outcome outcome) {
        attempts.excludeFrom(picker);
        attempt.account().hedgeEnded(Counts.Hedge.LOST);
        picker.exclude(attempt.instance());
        history.onFailure(attempt.instance(), outcome, attempt.connectedAt());
    }

    /** Decides what follows an attempt that ended so, and does it. Returns true if its response is the caller's. */
    boolean proceed(Outcome outcome) {
        switch (decisions.afterAttempt(outcome)) {
            case Decision.Respond() -> {
                return true;
            }
            case Decision.GiveUp(String reason) -> listener.onGivenUp(outcome.code(), reason);
            case Decision.AwaitOthers() -> {}
            case Decision.Retry retry -> retry(retry, outcome);
        }
        return false;
    }

    private void retry(Decision.Retry retry, Outcome because) {
        if (retry.paid() && !history.payRetry()) {
            // another call has taken the last one meanwhile
            if (attempts.isEmpty()) {
                listener.onGivenUp(because.code(), Decision.NO_BUDGET.reason());
            }
            return;
        }
        long backOff = retry.paid() ? history.backOff(because) : 0;
        long wait = Math.max(
                retry.elsewhere() ? 0 : TimeUnit.MILLISECONDS.toNanos(backOff), history.mustWait(ticker.nanos()));
        if (wait > 0 && wait >= deadline.left()) {
            listener.onGivenUp(Code.UNAVAILABLE, "no time is left for another attempt");
            return;
        }
        service.counts().repeated(because);
        if (wait == 0) {
            start();
        } else {
            record.backsOff(wait);
            timer.set(wait);
        }
    }

    /** Called when the caller gets the response of this attempt: the others are given up. {@code succeeded}: it is no error so far. */
    void onWin(Attempt attempt, boolean succeeded) {
        if (attempts.winner() == null) {
            request.release();
            attempts.wonBy(attempt);
            attempt.account().timing().won(succeeded);
            attempt.account().hedgeEnded(Counts.Hedge.WON);
            if (attempt.instance().pool() == Pool.SECONDARY) {
                service.counts().fellBack(Counts.Fallback.SECONDARY);
            }
        }
    }

    // while no attempt ends

    /** Called when more of the request was sent. When it is complete, the response is awaited. */
    void onRequestSent() {
        if (request.closed() && timer.resting() && attempts.winner() == null && !attempts.isEmpty()) {
            starter.setTimer();
        }
    }

    private void onTimer() {
        if (deadline.passed()) {
            expire();
        } else if (attempts.isEmpty()) {
            start();
        } else if (attempts.winner() != null) {
            rest();
        } else if (!timer.snoozes()) {
            overdue.look();
        }
    }

    private void expire() {
        attempts.expire(history);
        listener.onGivenUp(Code.DEADLINE_EXCEEDED, null);
    }

    // the end

    /** Starts no more attempts: only the deadline is waited for. */
    void rest() {
        timer.set(CallTimer.NEVER);
    }

    /** Starts no more attempts, and gives up those in flight. {@code outcome} says what that tells of their instances. */
    void stop(Outcome outcome) {
        request.release();
        timer.cancel();
        attempts.abandon(outcome);
    }
}
