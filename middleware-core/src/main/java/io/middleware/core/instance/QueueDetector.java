package io.middleware.core.instance;

import io.middleware.core.Settings;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether calls wait in a queue at an instance that gets more of them than it can process. It looks at windows of 100 ms,
 * or as much longer as it takes for {@value #ENOUGH} calls to end.
 *
 * <pre>
 * fastest    latency in the window: with a queue even the fastest call had to wait, whatever kinds of calls there are
 * usual      follows fastest, within {@value #DOWN_SECONDS} s down and {@value #UP_SECONDS} s up; at once if a call cannot have
 *            waited for others, because few were ahead of it: fewest ahead &lt; responses per second * fastest / 4
 * tolerated  min(max(longest-wait, usual / 2), (time that calls were given - usual) / 4), but at least usual / 8
 *
 * waiting    fastest &gt; usual + tolerated, in two windows or more
 * queued     waiting, and half as many calls again in flight as usual, when none waited
 * growing    queued, and since the wait began, for {@value #PATIENCE_MILLIS} ms and {@value #PROVEN} windows, calls in flight increased
 *            by over a fifth of the responses: more calls come than the instance completes
 *
 * limit      most, until growing; then responses per second * (usual + tolerated), again after each window in which it was reached,
 *            and most again if it was not reached for {@value #CALM_SECONDS} s
 * </pre>
 *
 * By Little's law, calls in flight are the rate of responses times their latency. At a busy instance the rate is its capacity, so
 * with this limit each call waits as long as is tolerated, and the instance is never idle. An inherently slow method looks the
 * same, but there latency causes the concurrency, not the other way round. So the latency is seen before there are many calls, or
 * it stays with half as many; then it becomes the usual one, and the limit is lifted. A queue that shrinks, after a pause or a
 * burst, is no reason to refuse calls.
 *
 * <p>Sources: the least time of an interval as the sign of a standing queue is that of CoDel, K. Nichols and V. Jacobson,
 * "Controlling Queue Delay", 2012 (RFC 8289); J. Little, "A Proof for the Queuing Formula L = &lambda;W", 1961. Not safe for
 * use by several threads at once.
 */
final class QueueDetector {
    static final int ENOUGH = 5;

    private static final int DOWN_SECONDS = 4;
    private static final int UP_SECONDS = 8;
    private static final int PROVEN = 3;
    private static final int PATIENCE_MILLIS = 250;
    private static final double PATIENCE = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    /** A proxy before several gateways does not give each the same at every moment. */
    private static final int CALM_SECONDS = 3;

    private static final double A_SECOND = TimeUnit.SECONDS.toNanos(1);
    /** A call may have waited for others for a quarter of its latency at most. */
    private static final int UNEXPLAINED = 4;

    private static final double MORE_THAN_USUAL = 1.5;
    private static final double MORE_THAN_ANSWERED = 0.2;
    /** Share of the latency when the limit began: a queue would be shorter than that with half as many calls. */
    private static final double NOT_LESS = 0.8;

    private final Settings.Limit settings;
    /** Responses per nanosecond: in the last window, and in about the last second. */
    private double lately;

    private double rate;
    private double usual;
    private double usuallyInFlight;
    private double tolerated;
    private double limit;
    private int lateWindows;
    private double waitedFor;
    private double calmFor;
    private long answeredSince;
    private int inFlightBefore;
    private double slowest;
    private int mostAheadThen;

    /**
     * Measurements of one window; times are in nanoseconds.
     *
     * @param fastest     shortest latency of a response
     * @param fewestAhead least calls in flight when one that got a response began
     * @param mostAhead   the same, the most
     * @param given       mean time that calls were allowed to take
     * @param inFlight    calls in flight at the end
     * @param hit         a call was refused
     */
    record Window(
            long nanos,
            int answered,
            long fastest,
            int fewestAhead,
            int mostAhead,
            long given,
            int inFlight,
            boolean hit) {}

    QueueDetector(Settings.Limit settings) {
        this.settings = settings;
        this.limit = settings.most();
    }

    /** Returns the limit of each priority: with as many calls in flight, each waits as long as its priority may. */
    Limits limits() {
        return Limits.of(limit, usual, tolerated, settings);
    }

    /** Returns whether the last calls had to wait. */
    boolean waiting() {
        return lateWindows > 0 || limited();
    }

    /** Drops all evidence. Called when it has become too old. */
    void forget() {
        lateWindows = 0;
        calmFor = 0;
        limit = settings.most();
    }

    /** Returns whether calls wait, and more are in flight than usual. */
    boolean queued() {
        return lateWindows > 1 && inFlightBefore > MORE_THAN_USUAL * usuallyInFlight || limited();
    }

    /** Returns the time for one call, by the rate of the last second or window, whichever is higher: there may have been a pause. */
    double nanosForEach() {
        double most = Math.max(rate, lately);
        return most == 0 ? 0 : 1 / most;
    }

    private boolean limited() {
        return limit < settings.most();
    }

    void onWindow(Window window) {
        lately = (double) window.answered / window.nanos;
        rate += (rate == 0 ? 1 : Math.min(1, window.nanos / A_SECOND)) * (lately - rate);
        if (window.answered == 0) {
            return;
        }
        boolean late = late(window);
        if (limited()) {
            adapt(window, late);
        } else {
            watch(window, late);
        }
    }

    private boolean late(Window window) {
        boolean hadToWait = window.fewestAhead >= lately * window.fastest / UNEXPLAINED;
        if (usual == 0 || !hadToWait && !limited() && window.fastest > usual) {
            usual = window.fastest;
        }
        double most =
                Math.min(Math.max((double) settings.longestWait().toNanos(), usual / 2), (window.given - usual) / 4);
        tolerated = Math.max(most, usual / 8);
        return window.fastest > usual + tolerated;
    }

    private void watch(Window window, boolean late) {
        if (!late) {
            lateWindows = 0;
            usuallyInFlight += weight(window, DOWN_SECONDS) * (window.inFlight - usuallyInFlight);
        } else if (lateWindows++ == 0) {
            waitedFor = 0;
            answeredSince = 0;
            inFlightBefore = window.inFlight;
        } else {
            waitedFor += window.nanos;
            answeredSince += window.answered;
            if (queued() && (window.hit || growing(window))) {
                slowest = window.fastest;
                mostAheadThen = window.mostAhead;
                calmFor = 0;
                set(target());
                return;
            }
        }
        if (window.fastest < usual || !window.hit && window.inFlight <= MORE_THAN_USUAL * usuallyInFlight) {
            usual += weight(window, window.fastest < usual ? DOWN_SECONDS : UP_SECONDS) * (window.fastest - usual);
        }
    }

    private boolean growing(Window window) {
        return lateWindows >= PROVEN
                && waitedFor >= PATIENCE
                && window.inFlight - inFlightBefore > MORE_THAN_ANSWERED * answeredSince;
    }

    private void adapt(Window window, boolean late) {
        if (window.fastest > slowest) {
            slowest = window.fastest;
            mostAheadThen = window.mostAhead;
        }
        if (late && window.mostAhead <= mostAheadThen / 2 && window.fastest >= NOT_LESS * slowest) {
            usual = window.fastest;
            set(settings.most());
        } else if (window.hit) {
            set((limit + target()) / 2);
        }
        calmFor = window.hit || late ? 0 : calmFor + window.nanos;
        if (calmFor > CALM_SECONDS * A_SECOND) {
            set(settings.most());
        }
        if (!limited()) {
            lateWindows = 0;
        }
    }

    private double target() {
        return rate * (usual + tolerated);
    }

    private static double weight(Window window, int seconds) {
        return Math.min(1, window.nanos / (seconds * A_SECOND));
    }

    private void set(double newer) {
        limit = Math.clamp(newer, settings.least(), settings.most());
    }
}
