package io.middleware.core.instance;

import io.middleware.core.Timers;
import org.jspecify.annotations.Nullable;

/**
 * When an ejected instance is probed next, and whether a probe is in flight. Used under the lock of its {@link HealthTracker}, with
 * which it outlives an ejection: the delay of the next one depends on how long ago the last one ended.
 */
public final class ProbeSchedule {
    private static final int AGAIN = 10;

    private boolean inFlight;
    private Timers.@Nullable Timer next;
    private long delay;
    private long readmittedAt;

    /** Sets the delay when an ejection begins: twice the last one if the instance was readmitted less than ten delays ago. */
    public void begin(long first, long longest, long now) {
        boolean again = delay > 0 && now - readmittedAt < AGAIN * delay;
        delay = again ? Math.clamp(2 * delay, first, longest) : first;
    }

    /** Begins with the first delay again, as there is news of the instance. Returns whether it must be probed now. */
    public boolean bringForward(long first) {
        delay = first;
        if (!inFlight) {
            cancel();
        }
        return !inFlight;
    }

    /** Starts the timer of the next probe. */
    public void schedule(Timers timers, Runnable probe) {
        next = timers.schedule(probe, delay);
    }

    /** Stops the timer of the next probe. */
    public void cancel() {
        if (next != null) {
            next.cancel();
        }
    }

    /** Returns false if a probe is in flight already. */
    public boolean beginProbe() {
        boolean begins = !inFlight;
        inFlight = true;
        return begins;
    }

    public void endProbe() {
        inFlight = false;
    }

    /** Called when a probe failed: the next one comes later. */
    public void lengthen(long longest) {
        delay = Math.min(2 * delay, longest);
    }

    /** Called when a probe succeeded, which ends the ejection. */
    public void onReadmitted(long now) {
        readmittedAt = now;
    }
}
