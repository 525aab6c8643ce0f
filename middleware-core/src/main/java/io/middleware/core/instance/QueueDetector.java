package io.middleware.core.instance;

import io.middleware.core.Settings;
import java.util.concurrent.TimeUnit;

/**
 * Whether calls wait in a queue at an instance that has more of them than it can do, judged by windows of 100 ms, or as much
 * longer as it takes to have {@value #ENOUGH} calls that ended.
 *
 * <pre>
 * fastest    of the window's answers: with a queue even that one had to wait, whatever kinds of calls there are
 * usual      follows fastest, within {@value #DOWN_SECONDS} s down and {@value #UP_SECONDS} s up; at once where an answer cannot
 *            have waited for others, for there were few when its call came: fewest ahead &lt; answers per second * fastest / 4
 * tolerated  min(max(longest-wait, usual / 2), (time that calls were given - usual) / 4), but at least usual / 8
 *
 * it stands  fastest &gt; usual + tolerated, in two windows or more
 * it grew    and there are half as many calls again in flight as usual, when none stood
 * it grows   and since it stands, for {@value #PATIENCE_MILLIS} ms and {@value #PROVEN} windows, calls in flight have become more by over a fifth
 *            of the answers: the instance is given more than it does
 *
 * limit      most, until it grows; then answers per second * (usual + tolerated), again after each window in which it was reached,
 *            and most when it was not for {@value #CALM_SECONDS} s
 * </pre>
 *
 * By Little's law calls in flight are the rate of answers times their latency. At an instance that is busy the rate is what it
 * can do, so that the limit is the number of calls with which each waits as long as is tolerated, and the instance never for them.
 * What is slow by nature looks alike, but its latency does not come of the calls in flight: they come of it. So it
 * is seen before there are many, or it does not become less with half as many calls; then it is the usual latency, and the limit
 * is lifted. A queue that shrinks, after a pause or a burst, is none to refuse anybody for.
 *
 * <p>Sources: the least time of an interval as the sign of a standing queue is that of CoDel, K. Nichols and V. Jacobson,
 * "Controlling Queue Delay", 2012 (RFC 8289); J. Little, "A Proof for the Queuing Formula L = &lambda;W", 1961. Not safe for
 * several threads at once.
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
    /** What an answer may have waited for others is a quarter of what it took. */
    private static final int UNEXPLAINED = 4;

    private static final double MORE_THAN_USUAL = 1.5;
    private static final double MORE_THAN_ANSWERED = 0.2;
    /** Of the latency at the beginning of the limit: a queue would have become shorter than that with half as many calls. */
    private static final double NOT_LESS = 0.8;

    private final Settings.Limit settings;
    /** Answers in a nanosecond: of the last window, and of about the last second. */
    private double lately;

    private double rate;
    private double usual;
    private double usuallyInFlight;
    private double tolerated;
    private double limit;
    private int standing;
    private double stoodFor;
    private double calmFor;
    private long answeredSince;
    private int inFlightBefore;
    private double slowest;
    private int mostAheadThen;

    /**
     * What happened in a window; times are in nanoseconds.
     *
     * @param fastest     answer
     * @param fewestAhead calls in flight when one of the answered came, the least
     * @param mostAhead   the same, the most
     * @param given       how long calls might have taken, the mean
     * @param inFlight    at the end
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

    int limit() {
        return (int) limit;
    }

    /** The last answers had to wait. */
    boolean stands() {
        return standing > 0 || limited();
    }

    /** Nothing was seen for long, and what was seen before means nothing any more. */
    void forget() {
        standing = 0;
        calmFor = 0;
        limit = settings.most();
    }

    /** Calls wait, and there are more than usual. */
    boolean grown() {
        return standing > 1 && inFlightBefore > MORE_THAN_USUAL * usuallyInFlight || limited();
    }

    /** One by what it answered in the last second or the last window, whichever was more: before may have been a pause. */
    double nanosForEach() {
        double most = Math.max(rate, lately);
        return most == 0 ? 0 : 1 / most;
    }

    private boolean limited() {
        return limit < settings.most();
    }

    void look(Window window) {
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
        double most = Math.min(Math.max(settings.longestWait().toNanos(), usual / 2), (window.given - usual) / 4);
        tolerated = Math.max(most, usual / 8);
        return window.fastest > usual + tolerated;
    }

    private void watch(Window window, boolean late) {
        if (!late) {
            standing = 0;
            usuallyInFlight += weight(window, DOWN_SECONDS) * (window.inFlight - usuallyInFlight);
        } else if (standing++ == 0) {
            stoodFor = 0;
            answeredSince = 0;
            inFlightBefore = window.inFlight;
        } else {
            stoodFor += window.nanos;
            answeredSince += window.answered;
            if (grown() && (window.hit || grows(window))) {
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

    private boolean grows(Window window) {
        return standing >= PROVEN
                && stoodFor >= PATIENCE
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
            standing = 0;
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
