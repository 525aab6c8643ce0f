package io.middleware.core.instance;

import io.middleware.core.Deadline;
import io.middleware.core.Priority;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the unary calls in flight at one instance, so that those in flight finish in time. Calls beyond a server's capacity wait
 * there in a queue, until all of them are too old. This class counts; {@link QueueDetector} decides whether there is such a queue.
 * While there is none, no call is refused.
 *
 * <pre>
 * a call is refused here if
 *   calls in flight &gt;= the limit of its priority, see {@link Limits}, or
 *   calls in flight &gt;= least, a queue has grown, and 1.25 * calls in flight / responses per second &gt; the time that the call has left
 * but not on evidence older than {@value #OLD_SECONDS} s: without a response since then, nothing is known
 * </pre>
 *
 * The second condition is Little's law: a call that joins a queue finishes after those ahead of it. A call with less time would
 * wait in vain, at the cost of those that have enough. The quarter allows for the error of the estimate.
 *
 * <p>Source: J. Little, "A Proof for the Queuing Formula L = &lambda;W", 1961. Lock-free: five atomic operations a call. The
 * clock is read only while there is a queue.
 */
public final class ConcurrencyLimit {
    private static final int WINDOW_MILLIS = 100;
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);
    private static final int OLD_SECONDS = 2;
    private static final long OLD = TimeUnit.SECONDS.toNanos(OLD_SECONDS);
    /** A longer deadline counts as this one: it would change nothing, and the sum must not overflow. */
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final Settings.Limit settings;
    private final Ticker ticker;
    private final QueueDetector queue;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong given = new AtomicLong();
    private final AtomicLong fastest = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger fewestAhead = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger mostAhead = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile long windowStart;
    private volatile boolean hit;
    private volatile Limits limits;
    /** Nanoseconds that each call in flight adds to the wait of the next one; 0 while there is no queue. */
    private volatile double each;

    private volatile boolean crowded;

    public ConcurrencyLimit(Settings.Limit settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.queue = new QueueDetector(settings);
        this.limits = queue.limits();
        this.windowStart = ticker.nanos();
    }

    /** Returns whether the instance has room for a call of this priority, which must end by this deadline. */
    Room room(Instance instance, Priority priority, Deadline deadline) {
        int now = inFlight.get();
        int limit = settings.enabled() ? limits.of(priority) : Integer.MAX_VALUE;
        double wait = each * now;
        // the clock is read only where it decides
        long left = wait == 0 ? Long.MAX_VALUE : deadline.left();
        boolean known = (wait != 0 || now >= limit) && ticker.nanos() - windowStart <= OLD;
        Room room = new Room(instance, priority, now, limit, settings.least(), wait, left, known);
        if (room.full()) {
            hit = true;
        }
        return room;
    }

    /** Returns the limit; empty while there is no queue and no call is refused. */
    OptionalInt inForce() {
        int now = limits.of(Priority.NORMAL);
        return now < settings.most() ? OptionalInt.of(now) : OptionalInt.empty();
    }

    /** Returns whether calls wait there: a hedge to it would not be faster. */
    public boolean crowded() {
        return crowded;
    }

    /** Counts a call in, and returns the number of calls in flight before it. */
    int begin() {
        return settings.enabled() ? inFlight.getAndIncrement() : 0;
    }

    void end() {
        if (settings.enabled()) {
            inFlight.decrementAndGet();
        }
    }

    /**
     * Called when a call has ended.
     *
     * @param nanos      how long it took
     * @param ahead      the result of {@link #begin}
     * @param givenNanos how long it was allowed to take
     * @param inTime     it ended with a response, not at its deadline
     */
    public void sample(long nanos, int ahead, long givenNanos, boolean inTime, long now) {
        if (!settings.enabled()) {
            return;
        }
        if (inTime) {
            answered.incrementAndGet();
            lower(fastest, nanos);
            if (ahead < fewestAhead.get()) {
                fewestAhead.accumulateAndGet(ahead, Math::min);
            }
            if (ahead > mostAhead.get()) {
                mostAhead.accumulateAndGet(ahead, Math::max);
            }
        }
        given.addAndGet(Math.min(givenNanos, LONG));
        if (ended.incrementAndGet() >= QueueDetector.ENOUGH
                && now - windowStart >= WINDOW
                && closing.compareAndSet(false, true)) {
            try {
                close(now);
            } finally {
                closing.set(false);
            }
        }
    }

    private static void lower(AtomicLong least, long value) {
        if (value < least.get()) {
            least.accumulateAndGet(value, Math::min);
        }
    }

    /** Closes the window. Only one thread runs this at a time. */
    private void close(long now) {
        long length = now - windowStart;
        int count = ended.get();
        if (length < WINDOW || count < QueueDetector.ENOUGH) {
            return;
        }
        if (length > OLD) {
            queue.forget();
        }
        windowStart = now;
        ended.addAndGet(-count);
        boolean wasHit = hit;
        hit = false;
        queue.onWindow(new QueueDetector.Window(
                length,
                answered.getAndSet(0),
                fastest.getAndSet(Long.MAX_VALUE),
                fewestAhead.getAndSet(Integer.MAX_VALUE),
                mostAhead.getAndSet(0),
                given.getAndSet(0) / count,
                inFlight.get(),
                wasHit));
        limits = queue.limits();
        each = queue.queued() ? queue.nanosForEach() : 0;
        crowded = queue.waiting();
    }
}
