package io.middleware.core.instance;

import io.middleware.core.Deadline;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many unary calls an instance may have at a time, so that those it has are answered in time: what a server cannot answer
 * waits there in a queue, in which all of them would grow too old. It counts; {@link QueueDetector} judges whether there is such
 * a queue, and as long as there is none, nobody is refused.
 *
 * <pre>
 * a call is refused here if calls in flight &gt;= least, and
 *   calls in flight &gt;= limit, or
 *   a queue has grown, and 1.25 * calls in flight / answers per second &gt; the time that the call has left
 * but not on evidence that is older than {@value #OLD_SECONDS} s: where nothing was answered since, nothing is known
 * </pre>
 *
 * The second is Little's law: in a queue a call that comes now is answered when those that are there have been, and one that
 * has less time would wait for nothing, at the cost of those that have it. The quarter is for the error of the estimate.
 *
 * <p>Source: J. Little, "A Proof for the Queuing Formula L = &lambda;W", 1961. Lock-free; five atomic operations for a call, and
 * no look at a clock but where there is a queue.
 */
public final class ConcurrencyLimit {
    private static final int WINDOW_MILLIS = 100;
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);
    private static final int OLD_SECONDS = 2;
    private static final long OLD = TimeUnit.SECONDS.toNanos(OLD_SECONDS);
    private static final double MARGIN = 1.25;
    /** What calls are given beyond this changes nothing, and does not overflow the sum. */
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
    private volatile int limit;
    /** In nanoseconds, what a call in flight adds to the wait of one that comes now; 0 while there is no queue. */
    private volatile double each;

    private volatile boolean crowded;

    public ConcurrencyLimit(Settings.Limit settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.queue = new QueueDetector(settings);
        this.limit = settings.most();
        this.windowStart = ticker.nanos();
    }

    /** It has as many calls as it may have, or as it can answer before this one's time is over. */
    public boolean reached(Deadline deadline) {
        if (!settings.enabled()) {
            return false;
        }
        int now = inFlight.get();
        double wait = each * now;
        if (now < limit && (wait == 0 || now < settings.least() || MARGIN * wait <= deadline.left())
                || ticker.nanos() - windowStart > OLD) {
            return false;
        }
        hit = true;
        return true;
    }

    /** Empty while there is no queue, and nobody is refused. */
    OptionalInt inForce() {
        int now = limit;
        return now < settings.most() ? OptionalInt.of(now) : OptionalInt.empty();
    }

    /** Calls wait there: it is no use to ask it because another is slow. */
    public boolean crowded() {
        return crowded;
    }

    /** Gives the number of calls that it has already. */
    int begin() {
        return settings.enabled() ? inFlight.getAndIncrement() : 0;
    }

    void end() {
        if (settings.enabled()) {
            inFlight.decrementAndGet();
        }
    }

    /**
     * A call ended after this time.
     *
     * @param ahead      what {@link #begin} gave
     * @param givenNanos how long it might have taken
     * @param inTime     with an answer, not because the time was over
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

    /** By one thread at a time. */
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
        queue.look(new QueueDetector.Window(
                length,
                answered.getAndSet(0),
                fastest.getAndSet(Long.MAX_VALUE),
                fewestAhead.getAndSet(Integer.MAX_VALUE),
                mostAhead.getAndSet(0),
                given.getAndSet(0) / count,
                inFlight.get(),
                wasHit));
        limit = queue.limit();
        each = queue.grown() ? queue.nanosForEach() : 0;
        crowded = queue.stands();
    }
}
