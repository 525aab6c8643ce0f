package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Deadline;
import io.middleware.core.Outcome;
import io.middleware.core.Timers;
import io.middleware.core.instance.Instance;
import io.middleware.core.retry.HedgeDelay;
import java.util.concurrent.TimeUnit;

/**
 * Looks after a call's attempts while none of them ends, as {@link Failover} says: has silent instances asked, moves what has not
 * left, starts hedges, gives up what is lost, and ends the call at its deadline.
 */
final class Lookout {
    /** A timer may come a little early for an attempt that got the last of the request a little later. */
    private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Outcome LOST = new Outcome(
            Outcome.Kind.IN_DOUBT,
            Code.UNAVAILABLE,
            "it has the call, and gives no sign of life",
            Outcome.Evidence.NONE);
    private static final Outcome NOT_TAKEN = Outcome.unsent("it had not left yet when another instance was free");
    private static final Outcome STRANDED = Outcome.unsent("it had not left yet when its instance was given up");

    private final Race race;
    private final Exchange exchange;
    private final Failover failover;
    private final HedgeDelay hedgeDelay;
    private final Deadline deadline;
    private final RequestBuffer replay;
    private final Tries tries;
    private final CallTimer alarm;

    Lookout(
            Race race,
            Exchange exchange,
            Failover failover,
            Timers timers,
            HedgeDelay hedgeDelay,
            Deadline deadline,
            RequestBuffer replay,
            Tries tries) {
        this.race = race;
        this.exchange = exchange;
        this.failover = failover;
        this.hedgeDelay = hedgeDelay;
        this.deadline = deadline;
        this.replay = replay;
        this.tries = tries;
        this.alarm = new CallTimer(
                timers, deadline, failover.ticker(), failover.ejector().pauses(), this::ring);
    }

    /** An attempt has begun, or all of its request has gone out. */
    void begin() {
        alarm.set(firstLook());
    }

    /** Nothing is under way, and nothing is to be for so long. */
    void waitFor(long nanos) {
        alarm.set(nanos);
    }

    /** Only the deadline is waited for. */
    boolean resting() {
        return alarm.resting();
    }

    void end() {
        alarm.cancel();
    }

    private void ring() {
        Runners running = race.running();
        if (deadline.passed()) {
            expire();
        } else if (running.isEmpty()) {
            race.next();
        } else if (running.winner() != null) {
            alarm.set(CallTimer.NEVER);
        } else if (!alarm.snoozes()) {
            look();
        }
    }

    /** The time is over. */
    void expire() {
        race.running().expire(tries);
        exchange.fail(Code.DEADLINE_EXCEEDED, null);
    }

    private long firstLook() {
        return Math.min(hedgeDelay.nanos(failover.ticker().nanos()), failover.silentAfter());
    }

    /** No attempt has ended for a while, and none has begun to answer. */
    private void look() {
        Runners running = race.running();
        if (moveStranded() || giveUpLost()) {
            if (!running.isEmpty()) {
                begin();
            }
            return;
        }
        long now = failover.ticker().nanos();
        long delay = hedgeDelay.nanos(now);
        long waited = running.latest().timing().waited(now);
        if (waited < 0) {
            if (!moveUnsent()) {
                alarm.set(running.latest().unsent() ? delay : CallTimer.NEVER);
            }
        } else if (waited < firstLook() - SLACK) {
            alarm.set(firstLook() - waited);
        } else {
            if (!alarm.paused()) {
                // our own pause is not theirs; a hedge accuses nobody
                running.overdue(now);
            }
            if (waited < delay - SLACK && !running.allOut()) {
                if (tries.repeatable() || !moveUnsent()) {
                    alarm.set(Math.min(delay - waited, nextLook(waited)));
                }
            } else if (!hedge() && !moveUnsent()) {
                // at growing intervals: what is silent for hours is not to be looked at a thousand times
                alarm.set(running.allOut() ? nextLook(waited) : Math.max(delay, waited / 8));
            }
        }
    }

    /** To see what has become of the question for a sign of life, and at growing intervals to ask again. */
    private long nextLook(long waited) {
        return Math.max(failover.silentAfter() / 2, waited / 8);
    }

    private boolean moveStranded() {
        Runners running = race.running();
        Attempt stranded = running.stranded();
        if (stranded == null) {
            return false;
        }
        running.exclude(tries);
        if (!replay.complete() || !tries.hasUntried() || tries.mayRunTwice(running.several())) {
            return false;
        }
        race.giveUp(stranded, STRANDED);
        return true;
    }

    /**
     * Its instance is well, but has no stream free for it, or the connection is long in the making: another may be idle. What may
     * be repeated has its hedges first, which leave it its place.
     */
    private boolean moveUnsent() {
        Runners running = race.running();
        Attempt unsent = running.unsent();
        if (unsent == null || !replay.complete()) {
            return false;
        }
        running.exclude(tries);
        if (tries.mayRunTwice(running.several()) || !tries.mayMove()) {
            return false;
        }
        race.giveUp(unsent, NOT_TAKEN);
        return true;
    }

    /** What may be repeated has its hedges; this has nothing but to wait, and its caller may as well see to it now. */
    private boolean giveUpLost() {
        Attempt lost = race.running().latest();
        if (tries.repeatable() || !lost.lost()) {
            return false;
        }
        race.giveUp(lost, lost.unsent() ? STRANDED : LOST);
        return true;
    }

    private boolean hedge() {
        if (!replay.complete() || !tries.repeatable() || tries.count() >= failover.attempts()) {
            return false;
        }
        race.running().exclude(tries);
        Instance instance = tries.chooseForHedge(race.running().allOut());
        if (instance != null) {
            race.start(instance, true);
        }
        return instance != null;
    }
}
