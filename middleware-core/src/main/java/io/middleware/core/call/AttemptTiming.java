package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Deadline;
import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Newness;
import io.middleware.core.retry.HedgeDelay;

/** Measures an attempt from the moment its instance has the whole request, and records the latency of the instance. */
final class AttemptTiming {
    private final Instance instance;
    private final boolean unary;
    private final HedgeDelay method;
    private final Deadline deadline;
    private final Ticker ticker;
    private long askedAt;
    private boolean asked;
    private int ahead;

    /** {@code unary}: the duration is up to the instance; that of a stream is up to both ends, and is not recorded. */
    AttemptTiming(Instance instance, boolean unary, HedgeDelay method, Deadline deadline, Ticker ticker) {
        this.instance = instance;
        this.unary = unary;
        this.method = method;
        this.deadline = deadline;
        this.ticker = ticker;
    }

    boolean unary() {
        return unary;
    }

    /** Notes how many calls the instance had before this one. */
    void behind(int calls) {
        ahead = calls;
    }

    void requestIsWhole() {
        asked = true;
        askedAt = ticker.nanos();
    }

    boolean asked() {
        return asked;
    }

    /** Returns the nanoseconds since the instance has had the whole request; negative while more of it will come. */
    long waited(long now) {
        return asked ? now - askedAt : -1;
    }

    /** Called when the caller gets its response. {@code succeeded}: it is no error so far. */
    void won(boolean succeeded) {
        if (asked) {
            long now = ticker.nanos();
            long took = now - askedAt;
            long counted = succeeded ? took : withoutWork(took);
            if (succeeded && Newness.showsWhatIsUsual(instance)) {
                // a new instance is hedged by what the others take
                method.answered(took);
            }
            if (unary && counted > 0) {
                instance.latency().sample(counted, now);
            }
        }
    }

    /**
     * Latency recorded for an error, 0 for none. Errors can return instantly, so a broken instance would look fastest and attract
     * traffic. The method's own latencies do not include it, or errors would become the usual.
     */
    private long withoutWork(long took) {
        long usual = method.usual();
        return usual == 0 ? 0 : Math.max(took, 2 * usual);
    }

    /** Records the duration for the limit of the instance, if it responded or failed to respond in time. */
    void ended(Outcome outcome) {
        boolean worked =
                outcome.kind() == Outcome.Kind.ANSWERED && !outcome.code().asksForAnotherInstance();
        if (unary && asked && (worked || outcome.code() == Code.DEADLINE_EXCEEDED)) {
            long now = ticker.nanos();
            long took = now - askedAt;
            long left = deadline.left(now);
            instance.limit().sample(took, ahead, left == Long.MAX_VALUE ? left : took + left, worked, now);
        }
        if (unary && asked && outcome.kind() == Outcome.Kind.ANSWERED && outcome.code() == Code.RESOURCE_EXHAUSTED) {
            // it is healthy, and must not be ejected, but others come first for a while
            long now = ticker.nanos();
            instance.latency().atLeast(withoutWork(now - askedAt), now);
        }
    }

    /** Called when it has not responded yet, or is given up without a response. */
    void slow(long now) {
        if (unary && asked) {
            instance.latency().atLeast(now - askedAt, now);
        }
    }
}
