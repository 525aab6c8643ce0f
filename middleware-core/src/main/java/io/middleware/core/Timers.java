package io.middleware.core;

/** Runs things later, on the one thread that the call (or whatever else asks) is confined to. */
public interface Timers {
    /** Runs {@code task} after {@code delayNanos}, unless it is cancelled before. */
    Timer schedule(Runnable task, long delayNanos);

    /** A task that waits for its time. */
    interface Timer {
        /** Harmless when the task has run, or is running. */
        void cancel();
    }
}
