package io.middleware.core.call;

import io.middleware.core.Deadline;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.outlier.Pauses;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a call: fires when the policy must look at the call next, and at its deadline at the latest. One timer serves
 * every purpose, because nearly all calls end before it fires and have paid for it in vain.
 */
final class CallTimer {
    static final long NEVER = Long.MAX_VALUE;

    /** A thread that is later than this was busy, and responses that have arrived meanwhile may still be unread. */
    private static final long HELD_UP = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long A_MOMENT = TimeUnit.MILLISECONDS.toNanos(1);

    private final Timers timers;
    private final Deadline deadline;
    private final Ticker ticker;
    private final Pauses pauses;
    private final Runnable ring;
    private Timers.@Nullable Timer timer;
    private long due;
    private boolean snoozed;
    private boolean paused;
    private boolean resting = true;

    CallTimer(Timers timers, Deadline deadline, Ticker ticker, Pauses pauses, Runnable ring) {
        this.timers = timers;
        this.deadline = deadline;
        this.ticker = ticker;
        this.pauses = pauses;
        this.ring = ring;
    }

    /** Fires after {@code nanos}, at the deadline if that is sooner, and no longer at the time set before. */
    void set(long nanos) {
        snoozed = false;
        paused = false;
        start(nanos);
    }

    private void start(long nanos) {
        cancel();
        resting = nanos == NEVER;
        long now = ticker.nanos();
        long delay = Math.min(nanos, Math.max(0, deadline.left(now)));
        if (delay != NEVER) {
            due = now + delay;
            timer = timers.schedule(ring, delay);
        }
    }

    /** Returns whether it fires at the deadline at most. */
    boolean resting() {
        return resting;
    }

    /**
     * Returns whether it fired too late for its findings to mean anything; then it fires again in a moment, when responses that have
     * arrived are read. Only once: a machine that stays busy is no reason to wait for ever.
     */
    boolean snoozes() {
        long now = ticker.nanos();
        paused |= pauses.heldUp(due, now);
        boolean late = !snoozed && now - due > HELD_UP;
        if (late) {
            snoozed = true;
            start(A_MOMENT);
        }
        return late;
    }

    /** Returns whether this process was paused before it fired: see {@link Pauses}. */
    boolean paused() {
        return paused;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
