package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Deadline;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import java.util.concurrent.TimeUnit;

/**
 * A call's attempts: on which instance they are started, until one of them wins. What happens after the end of one is decided by
 * {@link Failover}; this carries it out. {@link Lookout} sees to what happens when none ends.
 */
final class Race {
    private final Exchange exchange;
    private final Failover failover;
    private final Call call;
    private final Service.Method method;
    private final Deadline deadline;
    private final RequestBuffer replay;
    private final Tries tries;
    private final Lookout lookout;
    private final Runners running = new Runners();
    private boolean wanted = true;

    Race(
            Exchange exchange,
            Failover failover,
            Call call,
            Service.Method method,
            Deadline deadline,
            RequestBuffer replay,
            Tries tries) {
        this.exchange = exchange;
        this.failover = failover;
        this.call = call;
        this.method = method;
        this.deadline = deadline;
        this.replay = replay;
        this.tries = tries;
        this.lookout =
                new Lookout(this, exchange, failover, call.timers(), method.hedgeDelay(), deadline, replay, tries);
    }

    Runners running() {
        return running;
    }

    void wantMore(boolean more) {
        wanted = more;
        running.wantMore(more);
    }

    /** More of the request has gone out; when it is whole, the answer is waited for. */
    void requestGrew() {
        if (replay.closed() && lookout.resting() && running.winner() == null && !running.isEmpty()) {
            lookout.begin();
        }
    }

    /** Starts an attempt. */
    void next() {
        if (deadline.passed()) {
            lookout.expire();
            return;
        }
        if (tries.mayRunTwice(!running.isEmpty())) {
            // an instance has come during the back-off that does not honour the call's key
            exchange.fail(Code.UNAVAILABLE, Stops.MAY_HAVE_RUN);
            return;
        }
        Instance instance = choose();
        if (instance != null) {
            Attempt attempt = start(instance, false);
            if (running.started() > 1 && !attempt.ended()) {
                call.caller().onWritabilityChanged();
            }
        } else if (!running.isEmpty()) {
            lookout.begin();
        }
    }

    /** Starts one after a wait, because another ended so. */
    void again(long waitMillis, Outcome because) {
        long wait = Math.max(
                TimeUnit.MILLISECONDS.toNanos(waitMillis),
                tries.mustWait(failover.ticker().nanos()));
        if (wait > 0 && wait >= deadline.left()) {
            exchange.fail(Code.UNAVAILABLE, "no time is left for another attempt");
            return;
        }
        tries.service().counts().repeated(because);
        if (wait == 0) {
            next();
        } else {
            lookout.waitFor(wait);
        }
    }

    /** No more attempts: only the deadline is waited for. */
    void rest() {
        lookout.waitFor(CallTimer.NEVER);
    }

    /** An attempt was in vain. As long as there are other instances, those that were or are being asked are not asked again. */
    void lost(Attempt attempt, Outcome outcome) {
        running.exclude(tries);
        attempt.hedgeEnded(Counts.Hedge.LOST);
        tries.add(attempt.instance(), outcome, attempt.connectedAt());
    }

    /**
     * The caller gets the answer of this one, and the others are given up. Harmless when that is known. {@code well}: as far as it
     * is known, it is no error.
     */
    void won(Attempt attempt, boolean well) {
        if (running.winner() == null) {
            replay.release();
            running.wonBy(attempt);
            attempt.timing().won(well);
            attempt.hedgeEnded(Counts.Hedge.WON);
            if (attempt.instance().pool() == Pool.SECONDARY) {
                tries.service().counts().fellBack(Counts.Fallback.SECONDARY);
            }
        }
    }

    /** It is not waited for any longer, and what comes next is decided as if it had ended so. */
    void giveUp(Attempt attempt, Outcome outcome) {
        attempt.abandon(outcome);
        exchange.ended(attempt, outcome, null);
    }

    /** Nothing more is started or waited for. {@code outcome} is that of attempts that are still under way. */
    void stop(Outcome outcome) {
        replay.release();
        lookout.end();
        running.abandon(outcome);
    }

    Attempt start(Instance instance, boolean hedge) {
        Attempt attempt = new Attempt(exchange, instance, failover, method, deadline, hedge);
        running.join(attempt);
        tries.asks(instance);
        lookout.begin();
        attempt.open(call, running.started() - 1, wanted, replay);
        return attempt;
    }

    /** Null: there is none, and the call has failed unless another attempt is under way. */
    private Instance choose() {
        boolean others = !running.isEmpty();
        try {
            Instance instance = others ? tries.chooseUntried() : tries.choose();
            if (instance == null && !others) {
                failWithout();
            }
            return instance;
        } catch (RuntimeException e) {
            if (!others) {
                exchange.fail(Code.INTERNAL, "the balancer of " + tries.service() + " failed: " + e);
            }
            return null;
        }
    }

    private void failWithout() {
        if (tries.overloaded()) {
            exchange.fail(
                    Code.RESOURCE_EXHAUSTED,
                    "each instance of " + tries.service()
                            + " that could take it has as many calls as it answers in time");
        } else {
            exchange.fail(
                    Code.UNAVAILABLE,
                    tries.allInMaintenance()
                            ? "each instance of " + tries.service() + " that serves it is in maintenance"
                            : "no instance of " + tries.service() + " is registered");
        }
    }
}
