package io.middleware.core.instance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the outcomes of attempts on one instance: since it is known and, from a failure on, in a window of at most
 * {@value #WINDOW} outcomes. Both counts share one 64-bit number, outcomes in the upper half and failures in the lower, so that
 * such numbers can be added and subtracted like the counts. Lock-free: one atomic addition an attempt.
 */
public final class OutcomeCounts {
    public static final int WINDOW = 40;

    private static final long OUTCOME = 1L << 32;
    private static final long FAILURE = OUTCOME | 1;
    private static final int LEAST = 10;

    private final AtomicLong all = new AtomicLong();
    private volatile Window window = Window.NONE;

    /**
     * The counts at the beginning of a window.
     *
     * @param own   counts of the instance
     * @param peers counts of all its peers together
     * @param since on the ticker's clock
     */
    public record Window(long own, long peers, long since) {
        public static final Window NONE = new Window(0, 0, 0);
    }

    public void add(boolean failed) {
        all.addAndGet(failed ? FAILURE : OUTCOME);
    }

    public long all() {
        return all.get();
    }

    public Window window() {
        return window;
    }

    /** Opens a window that includes the last outcome, a failure. */
    public void openWindow(long peers, long now) {
        window = new Window(all.get() - FAILURE, peers, now);
    }

    /** Opens a window that begins with the next outcome. */
    public void openEmptyWindow(long peers, long now) {
        window = new Window(all.get(), peers, now);
    }

    /** Returns the share of failures in the window, 0 to 1. With fewer than {@value #LEAST} outcomes the missing ones count as good. */
    public double rate() {
        Window now = window;
        if (now == Window.NONE) {
            return 0;
        }
        long inWindow = all.get() - now.own;
        int outcomes = outcomes(inWindow);
        return outcomes >= WINDOW ? 0 : (double) failures(inWindow) / Math.max(LEAST, outcomes);
    }

    public static int outcomes(long counts) {
        return (int) (counts >> 32);
    }

    public static int failures(long counts) {
        return (int) counts;
    }
}
