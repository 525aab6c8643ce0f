package io.middleware.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many unary calls an instance may have at a time, so that those it has are answered in time: what a server cannot answer
 * waits there in a queue, in which all of them would grow too old.
 *
 * <pre>
 * once in a window of {@value #WINDOW_MILLIS} ms, or as much longer as it takes to have {@value #ENOUGH} ends:
 * latency    mean of the window's calls, until their answer or the end of their time
 * usual      follows latency, by a third down and slowly up (within {@value #USUAL_SECONDS} s)
 * tolerated  usual + min(longest-wait, (time that calls were given - usual) / 2)
 * ahead      calls in flight / answers per second: what a call that comes now will take, at most {@value #TRUSTED} * latency
 * target     answers per second * tolerated
 *
 * the limit was reached:                  limit = (limit + target) / 2
 * latency or ahead &gt; tolerated, twice:     limit = target
 * neither &gt; tolerated:                     limit = 2 * limit
 * each within least and most
 * </pre>
 *
 * By Little's law the calls in flight are the rate of answers times their latency; at a server that is busy the rate is what it
 * can do, so that the product is the number of calls with which each waits as long as is tolerated, and the server never for
 * them. A server that has become slower for all calls, busy or not, looks the same until the usual latency has followed.
 *
 * <p>Sources: J. Little, "A Proof for the Queuing Formula L = &lambda;W", 1961; the comparison of recent with usual latency is
 * that of Netflix's Gradient2. Lock-free; four atomic additions for a call.
 */
final class ConcurrencyLimit {
    private static final int WINDOW_MILLIS = 100;
    private static final int ENOUGH = 10;
    private static final int TRUSTED = 3;
    private static final int USUAL_SECONDS = 30;
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);
    private static final double A_SECOND = TimeUnit.SECONDS.toNanos(1);
    /** What calls are given beyond this changes nothing, and does not overflow the sum. */
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final Settings.Limit settings;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong latencies = new AtomicLong();
    private final AtomicLong given = new AtomicLong();
    private final AtomicLong windowStart;
    private volatile int limit;
    // written by whoever closes a window, which is one at a time
    private volatile double usual;
    private volatile int late;
    private volatile boolean hit;

    ConcurrencyLimit(Settings.Limit settings, long now) {
        this.settings = settings;
        this.limit = settings.most();
        this.windowStart = new AtomicLong(now);
    }

    /** It has as many calls as it may have. */
    boolean reached() {
        if (!settings.enabled() || inFlight.get() < limit) {
            return false;
        }
        hit = true;
        return true;
    }

    void begin() {
        if (settings.enabled()) {
            inFlight.incrementAndGet();
        }
    }

    void end() {
        if (settings.enabled()) {
            inFlight.decrementAndGet();
        }
    }

    /**
     * A call ended after this time.
     *
     * @param givenNanos how long it might have taken
     * @param inTime     with an answer, not because the time was over
     */
    void sample(long nanos, long givenNanos, boolean inTime, long now) {
        if (!settings.enabled()) {
            return;
        }
        if (inTime) {
            answered.incrementAndGet();
        }
        latencies.addAndGet(nanos);
        given.addAndGet(Math.min(givenNanos, LONG));
        long start = windowStart.get();
        if (ended.incrementAndGet() >= ENOUGH && now - start >= WINDOW && windowStart.compareAndSet(start, now)) {
            close(now - start);
        }
    }

    private void close(long length) {
        int count = ended.getAndSet(0);
        double perSecond = answered.getAndSet(0) * A_SECOND / length;
        double latency = (double) latencies.getAndSet(0) / count;
        double time = (double) given.getAndSet(0) / count;
        double before = usual == 0 ? latency : usual;
        double tolerated = before + Math.min(settings.longestWait().toNanos(), Math.max(0, (time - before) / 2));
        double target = perSecond * tolerated / A_SECOND;
        double ahead = perSecond == 0 ? Double.MAX_VALUE : inFlight.get() / perSecond * A_SECOND;
        late = Math.max(latency, Math.min(TRUSTED * latency, ahead)) > tolerated ? late + 1 : 0;
        if (hit) {
            hit = false;
            set((limit + target) / 2);
        } else if (late > 1) {
            set(target);
        } else if (late == 0) {
            set(2.0 * limit);
        }
        double weight = latency < before ? 1.0 / 3 : Math.min(1, length / (USUAL_SECONDS * A_SECOND));
        usual = before + weight * (latency - before);
    }

    private void set(double newer) {
        limit = (int) Math.clamp(newer, settings.least(), settings.most());
    }
}
