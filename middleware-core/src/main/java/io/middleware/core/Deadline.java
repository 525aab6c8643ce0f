package io.middleware.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a call ends at the latest. A unary call that is not idempotent ends {@code min(time / 64, 50 ms)} before its
 * caller's deadline: if the caller ended it, nobody would report that it may have run, and where. Servers get the
 * caller's deadline only, never our default.
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

    /**
     * Returns the caller's deadline; for a unary call without one, {@code unary} from now, unless that is 0; else a
     * deadline that never passes.
     */
    public static Deadline of(Call call, MethodTraits traits, Duration unary, Ticker ticker) {
        if (call.deadline() != Call.NO_DEADLINE) {
            boolean reportedFirst = traits.unary() && !traits.idempotent();
            long lead = reportedFirst ? lead(call.deadline() - ticker.nanos()) : 0;
            return new Deadline(call.deadline(), call.deadline() - lead, ticker);
        }
        boolean ours = traits.unary() && !unary.isZero();
        return new Deadline(Call.NO_DEADLINE, ours ? ticker.nanos() + unary.toNanos() : Call.NO_DEADLINE, ticker);
    }

    private static long lead(long time) {
        return Math.clamp(time / LEAD_DIVISOR, 0, LONGEST_LEAD);
    }

    /** Returns the nanoseconds left; {@link Long#MAX_VALUE} if there is no deadline. */
    public long left() {
        return left(ticker.nanos());
    }

    public long left(long now) {
        return left(at, now);
    }

    /**
     * Returns the time left until the caller's deadline, which is what we forward. A server that ended the call at our
     * earlier one would return a less specific error, and our default is nothing the caller agreed to.
     * {@link Long#MAX_VALUE} if the caller set none.
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

    /**
     * Returns what an attempt's end means. A stream that breaks after the deadline was ended by a server that watches
     * it too.
     */
    public Outcome judge(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.IN_DOUBT && passed() ? Outcome.expired() : outcome;
    }
}
