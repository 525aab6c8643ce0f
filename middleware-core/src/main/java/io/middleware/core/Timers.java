package io.middleware.core;

/** Runs tasks later, on the one thread that the call (or another user) is confined to. */
public interface Timers {
    /** Runs {@code task} after {@code delayNanos}, unless it is cancelled first. */
    Timer schedule(Runnable task, long delayNanos);

    /** A scheduled task. */
    interface Timer {
        /** Cancels the task. Has no effect when the task has run or is running. */
        void cancel();
    }
}
