package io.middleware.core;

import java.time.Duration;

/** The end of a call's time. */
final class Deadline {
    private final long at;
    private final Ticker ticker;
    private Timers.Timer timer;

    private Deadline(long at, Ticker ticker) {
        this.at = at;
        this.ticker = ticker;
    }

    /** The caller's own; for a unary call without one {@code unary} from now; else none. */
    static Deadline of(Call call, MethodTraits traits, Duration unary, Ticker ticker) {
        boolean none = call.deadline() == Call.NO_DEADLINE && traits.unary();
        return new Deadline(none ? ticker.nanos() + unary.toNanos() : call.deadline(), ticker);
    }

    /** In nanoseconds; {@link Long#MAX_VALUE} where there is no deadline. */
    long left() {
        return at == Call.NO_DEADLINE ? Long.MAX_VALUE : at - ticker.nanos();
    }

    boolean passed() {
        return left() <= 0;
    }

    /** What an attempt's end means: a stream that breaks when the time is over was given up by a server that watches it, too. */
    Outcome judge(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.IN_DOUBT && passed() ? Outcome.expired() : outcome;
    }

    /** Has {@code expire} run when the time has passed. */
    void start(Timers timers, Runnable expire) {
        if (at != Call.NO_DEADLINE) {
            timer = timers.schedule(expire, Math.max(0, left()));
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
