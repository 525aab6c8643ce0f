package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Deadline;
import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Instance;
import io.middleware.core.retry.HedgeDelay;

/** How long an attempt takes, from the moment that its instance has the whole request, and what that tells of the instance. */
final class AttemptTiming {
    private final Instance instance;
    private final boolean unary;
    private final HedgeDelay method;
    private final Deadline deadline;
    private final Ticker ticker;
    private long askedAt;
    private boolean asked;
    private int ahead;

    /** {@code unary}: how long it takes is the instance's doing; of a stream it is what the two ends have to say. */
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

    /** So many calls were there before. */
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

    /** For how long it has had the whole request; negative while more of that is to come. */
    long waited(long now) {
        return asked ? now - askedAt : -1;
    }

    /** Its answer is the one that the caller gets. {@code well}: as far as it is known, it is no error. */
    void won(boolean well) {
        if (asked) {
            long now = ticker.nanos();
            long took = now - askedAt;
            long counted = well ? took : withoutWork(took);
            if (well) {
                method.answered(took);
            }
            if (unary && counted > 0) {
                instance.latency().sample(counted, now);
            }
        }
    }

    /**
     * Latency recorded for an error, 0 for none. Errors can return instantly, so a broken instance would look fastest and attract
     * traffic; and to count them among the method's would make it usual.
     */
    private long withoutWork(long took) {
        long usual = method.usual();
        return usual == 0 ? 0 : Math.max(took, 2 * usual);
    }

    /** How long an instance takes for what it answers, or fails to answer in time, is what its limit goes by. */
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
            // it is well, and not to be ejected, but others are to be asked first for a while
            long now = ticker.nanos();
            instance.latency().atLeast(withoutWork(now - askedAt), now);
        }
    }

    /** It has not answered yet, or is given up without an answer. */
    void slow(long now) {
        if (unary && asked) {
            instance.latency().atLeast(now - askedAt, now);
        }
    }
}
