package io.middleware.core.instance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How attempts on one instance ended, counted since it is known and, from a failure on, in a window of at most {@value #WINDOW}
 * outcomes. Both counts are one 64-bit word, outcomes above and failures below, so that differences and sums of such words are
 * those of the counts. Lock-free; one atomic addition an attempt.
 */
public final class OutcomeCounts {
    public static final int WINDOW = 40;

    private static final long OUTCOME = 1L << 32;
    private static final long FAILURE = OUTCOME | 1;
    private static final int LEAST = 10;

    private final AtomicLong all = new AtomicLong();
    private volatile Window window = Window.NONE;

    /**
     * What there was when it began.
     *
     * @param own   of the instance
     * @param peers of all its peers together
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

    /** Begins a window before the last outcome, a failure. */
    public void openWindow(long peers, long now) {
        window = new Window(all.get() - FAILURE, peers, now);
    }

    /** Begins one with the next outcome. */
    public void openEmptyWindow(long peers, long now) {
        window = new Window(all.get(), peers, now);
    }

    /** The share of failures in the window, 0 to 1; what is missing of {@value #LEAST} outcomes counts as good. */
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
