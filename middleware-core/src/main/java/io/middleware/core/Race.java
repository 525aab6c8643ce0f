package io.middleware.core;

import java.util.concurrent.TimeUnit;

/**
 * A call's attempts: on which instance they are started, and when, until one of them wins. What happens after the end of one is
 * decided by {@link Failover}, as what happens when none ends is; this carries it out.
 */
final class Race {
    /** A timer may come a little early for an attempt that got the last of the request a little later. */
    private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Outcome STRANDED = Outcome.unsent("the connection was still being made when it was given up");

    private final Exchange exchange;
    private final Failover failover;
    private final Call call;
    private final Service.Method method;
    private final Deadline deadline;
    private final Replay replay;
    private final Tries tries;
    private final Alarm alarm;
    private final Runners running = new Runners();
    private boolean wanted = true;

    Race(Exchange exchange, Failover failover, Call call, Service.Method method, Deadline deadline, Replay replay, Tries tries) {
        this.exchange = exchange;
        this.failover = failover;
        this.call = call;
        this.method = method;
        this.deadline = deadline;
        this.replay = replay;
        this.tries = tries;
        this.alarm = new Alarm(call.timers(), deadline, failover.ticker(), this::ring);
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
        if (replay.closed() && alarm.resting() && running.winner() == null && !running.isEmpty()) {
            alarm.set(firstLook());
        }
    }

    /** Starts an attempt. */
    void next() {
        if (deadline.passed()) {
            expire();
            return;
        }
        Instance instance = choose();
        if (instance != null) {
            Attempt attempt = start(instance, false);
            if (running.started() > 1 && !attempt.ended()) {
                call.caller().writabilityChanged();
            }
        } else if (!running.isEmpty()) {
            alarm.set(firstLook());
        }
    }

    /** Starts one after a wait. */
    void again(long waitMillis) {
        long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis);
        if (wait == 0) {
            next();
        } else if (wait >= deadline.left()) {
            exchange.fail(Code.UNAVAILABLE, "no time is left for another attempt");
        } else {
            alarm.set(wait);
        }
    }

    /** An attempt was in vain. As long as there are other instances, those that were or are being asked are not asked again. */
    void lost(Attempt attempt, Outcome outcome) {
        running.exclude(tries);
        tries.add(attempt.instance(), outcome);
    }

    /** The caller gets the answer of this one, and the others are given up. Harmless when that is known. */
    void won(Attempt attempt) {
        if (running.winner() == null) {
            replay.release();
            running.wonBy(attempt);
            attempt.won(method.hedgeDelay());
            if (attempt.hedge()) {
                tries.hedgeWon();
            }
        }
    }

    /** Nothing more is started or waited for. {@code outcome} is that of attempts that are still under way. */
    void stop(Outcome outcome) {
        replay.release();
        alarm.cancel();
        running.abandon(outcome);
    }

    private Attempt start(Instance instance, boolean hedge) {
        Attempt attempt = new Attempt(exchange, instance, failover, deadline, method.traits().unary(), hedge);
        running.join(attempt);
        alarm.set(firstLook());
        attempt.open(call, wanted, replay);
        return attempt;
    }

    /** Null: there is none, and the call has failed unless another attempt is under way. */
    private Instance choose() {
        boolean others = !running.isEmpty();
        try {
            Instance instance = others ? tries.chooseUntried() : tries.choose();
            if (instance == null && !others) {
                exchange.fail(Code.UNAVAILABLE, "no instance of " + tries.service() + " is registered");
            }
            return instance;
        } catch (RuntimeException e) {
            if (!others) {
                exchange.fail(Code.INTERNAL, "the balancer of " + tries.service() + " failed: " + e);
            }
            return null;
        }
    }

    private void ring() {
        if (deadline.passed()) {
            expire();
        } else if (running.isEmpty()) {
            next();
        } else if (running.winner() != null) {
            alarm.set(Alarm.NEVER);
        } else if (!alarm.snoozes()) {
            look();
        }
    }

    private void expire() {
        running.add(tries, Outcome.expired());
        exchange.fail(Code.DEADLINE_EXCEEDED, null);
    }

    private long firstLook() {
        return Math.min(method.hedgeDelay().nanos(failover.ticker().nanos()), failover.silentAfter());
    }

    /** No attempt has ended for a while, and none has begun to answer. */
    private void look() {
        if (moveStranded()) {
            return;
        }
        long now = failover.ticker().nanos();
        long delay = method.hedgeDelay().nanos(now);
        long waited = running.latest().waited(now);
        if (waited < 0) {
            alarm.set(running.latest().unsent() ? delay : Alarm.NEVER);
        } else if (waited < firstLook() - SLACK) {
            alarm.set(firstLook() - waited);
        } else {
            running.overdue(now);
            if (waited < delay - SLACK) {
                alarm.set(delay - waited);
            } else if (!hedge()) {
                // at growing intervals: what is silent for hours is not to be looked at a thousand times
                alarm.set(Math.max(delay, waited / 8));
            }
        }
    }

    private boolean moveStranded() {
        Attempt stranded = running.stranded();
        if (stranded == null) {
            return false;
        }
        running.exclude(tries);
        if (!replay.complete() || !tries.hasUntried()) {
            return false;
        }
        stranded.abandon(STRANDED);
        exchange.ended(stranded, STRANDED, null);
        return true;
    }

    private boolean hedge() {
        if (!replay.complete() || !tries.repeatable()) {
            return false;
        }
        running.exclude(tries);
        Instance instance = tries.chooseForHedge(running.allOut());
        if (instance != null) {
            start(instance, true);
        }
        return instance != null;
    }
}
