package io.middleware.core;

import java.time.Duration;

/** The end of a call's time. */
final class Deadline {
    private final long at;
    private final Ticker ticker;

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
        return left(ticker.nanos());
    }

    long left(long now) {
        return at == Call.NO_DEADLINE ? Long.MAX_VALUE : at - now;
    }

    boolean passed() {
        return left() <= 0;
    }

    /** What an attempt's end means: a stream that breaks when the time is over was given up by a server that watches it, too. */
    Outcome judge(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.IN_DOUBT && passed() ? Outcome.expired() : outcome;
    }
}
