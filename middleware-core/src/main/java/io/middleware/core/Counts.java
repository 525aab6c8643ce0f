package io.middleware.core;

import io.middleware.core.call.Fallback;
import java.util.concurrent.atomic.LongAdder;

/** What became of a service's calls since it is known, in numbers; to be read at any time, by anybody. */
public final class Counts {
    private final LongAdder[] attempts = adders(Ending.values().length);
    private final LongAdder[] repeats = adders(Ending.values().length);
    private final LongAdder[] hedges = adders(Hedge.values().length);
    private final LongAdder[] ejections = adders(Cause.values().length);
    private final LongAdder[] fallbacks = adders(Fallback.values().length);
    private volatile Listener listener = (code, nanos) -> {};

    /** How an attempt ended. */
    public enum Ending {
        /** By the server's word, application errors included. */
        ANSWERED,
        /** By the server's word, which asks for another instance. */
        REFUSED,
        /** Provably not executed. */
        UNSENT,
        /** It may have been executed. */
        IN_DOUBT,
        /** Another was first, or the caller went away. */
        GIVEN_UP;

        static Ending of(Outcome outcome) {
            return switch (outcome.kind()) {
                case ANSWERED -> outcome.code().asksForAnotherInstance() ? REFUSED : ANSWERED;
                case UNSENT -> UNSENT;
                case IN_DOUBT, REJECTED ->
                    outcome.code() == Code.CANCELLED && outcome.evidence() == Outcome.Evidence.NONE
                            ? GIVEN_UP
                            : IN_DOUBT;
            };
        }
    }

    /** What became of a hedge. */
    public enum Hedge {
        STARTED,
        WON,
        LOST
    }

    /** Why an instance was ejected. */
    public enum Cause {
        /** No connection could be made. */
        UNREACHABLE,
        /** Nothing came back, not even an answer to a ping. */
        SILENT,
        /** Half of its last answers failed. */
        FAILING,
        /** Its last answers failed, and those of its peers did not. */
        OUTLIER
    }

    /** What answered instead of a primary. */
    public enum Fallback {
        SECONDARY,
        /** Nobody: the last good answer to the same question. */
        STALE
    }

    /** Hears of the end of each call, on the call's thread: it is to return at once. */
    @FunctionalInterface
    public interface Listener {
        /** {@code nanos}: since the call came in. */
        public void ended(Code code, long nanos);
    }

    /** Replaces who hears of the end of each call. */
    public void listen(Listener newer) {
        listener = newer;
    }

    public long attempts(Ending ending) {
        return attempts[ending.ordinal()].sum();
    }

    /** Attempts that followed one that ended so, hedges not included. */
    public long repeats(Ending because) {
        return repeats[because.ordinal()].sum();
    }

    public long hedges(Hedge became) {
        return hedges[became.ordinal()].sum();
    }

    public long ejections(Cause cause) {
        return ejections[cause.ordinal()].sum();
    }

    public long fallbacks(Fallback fallback) {
        return fallbacks[fallback.ordinal()].sum();
    }

    public void ended(Code code, long nanos) {
        listener.ended(code, nanos);
    }

    public void attempted(Outcome outcome) {
        attempts[Ending.of(outcome).ordinal()].increment();
    }

    public void repeated(Outcome because) {
        repeats[Ending.of(because).ordinal()].increment();
    }

    public void hedge(Hedge became) {
        hedges[became.ordinal()].increment();
    }

    public void ejected(Cause cause) {
        ejections[cause.ordinal()].increment();
    }

    public void fellBack(Fallback fallback) {
        fallbacks[fallback.ordinal()].increment();
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }
}
