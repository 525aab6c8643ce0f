package io.middleware.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a call's time. For a unary call that may not be repeated it is {@code min(time / 64, 50 ms)} before its caller's: the
 * caller's own end to it would tell nobody that it may have run, and where. Servers are told the caller's only, not our default.
 */
public final class Deadline {
    private static final long LONGEST_LEAD = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int LEAD_DIVISOR = 64;

    private final long callers;
    private final long at;
    private final Ticker ticker;

    private Deadline(long callers, long at, Ticker ticker) {
        this.callers = callers;
        this.at = at;
        this.ticker = ticker;
    }

    /** By the caller's own; for a unary call without one {@code unary} from now, unless that is 0; else none. */
    public static Deadline of(Call call, MethodTraits traits, Duration unary, Ticker ticker) {
        if (call.deadline() != Call.NO_DEADLINE) {
            boolean foretold = traits.unary() && !traits.repeatable();
            long lead = foretold ? lead(call.deadline() - ticker.nanos()) : 0;
            return new Deadline(call.deadline(), call.deadline() - lead, ticker);
        }
        boolean ours = traits.unary() && !unary.isZero();
        return new Deadline(Call.NO_DEADLINE, ours ? ticker.nanos() + unary.toNanos() : Call.NO_DEADLINE, ticker);
    }

    private static long lead(long time) {
        return Math.clamp(time / LEAD_DIVISOR, 0, LONGEST_LEAD);
    }

    /** In nanoseconds; {@link Long#MAX_VALUE} where there is no deadline. */
    public long left() {
        return left(ticker.nanos());
    }

    public long left(long now) {
        return left(at, now);
    }

    /**
     * Time left until the caller's deadline, which is what servers are told: one that ended the call at our earlier one would say
     * less than we do, and our default is no promise of the caller's. {@link Long#MAX_VALUE} where the caller gave none.
     */
    public long leftToCaller() {
        return left(callers, ticker.nanos());
    }

    private static long left(long at, long now) {
        return at == Call.NO_DEADLINE ? Long.MAX_VALUE : at - now;
    }

    public boolean passed() {
        return left() <= 0;
    }

    /** What an attempt's end means: a stream that breaks when the time is over was given up by a server that watches it, too. */
    public Outcome judge(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.IN_DOUBT && passed() ? Outcome.expired() : outcome;
    }
}
