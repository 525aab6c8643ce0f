package io.middleware.core;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of a service's calls since the service is known. Any thread may read them at any time. */
public final class Counts {
    private final LongAdder[] attempts = adders(Ending.values().length);
    private final LongAdder[] retries = adders(Ending.values().length);
    private final LongAdder[] hedges = adders(Hedge.values().length);
    private final LongAdder[] ejections = adders(Cause.values().length);
    private final LongAdder[] fallbacks = adders(Fallback.values().length);
    private volatile Listener listener = (code, nanos) -> {};

    /** How an attempt ended. */
    public enum Ending {
        /** The server gave a status, application errors included. */
        ANSWERED,
        /** The server gave a status that asks for another instance. */
        REFUSED,
        /** The call was provably not executed. */
        UNSENT,
        /** The call may have been executed. */
        IN_DOUBT,
        /** Another attempt won, or the caller cancelled. */
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
        /** Nothing came back, not even a ping response. */
        SILENT,
        /** Half of its last attempts failed. */
        FAILING,
        /** Its last attempts failed, and those of its peers did not. */
        OUTLIER
    }

    /** What responded in place of a primary. */
    public enum Fallback {
        /** A secondary instance. */
        SECONDARY,
        /** No instance: the caller got a stale response. */
        STALE
    }

    /** Is called at the end of each call. */
    @FunctionalInterface
    public interface Listener {
        /** Called on the call's thread, so it must return at once. {@code nanos}: the time since the call came in. */
        void onCallEnd(Code code, long nanos);
    }

    /** Replaces the listener. */
    public void listen(Listener newer) {
        listener = newer;
    }

    public long attempts(Ending ending) {
        return attempts[ending.ordinal()].sum();
    }

    /** Returns the number of retries after attempts that ended this way, hedges not included. */
    public long retries(Ending because) {
        return retries[because.ordinal()].sum();
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
        listener.onCallEnd(code, nanos);
    }

    public void attempted(Outcome outcome) {
        attempts[Ending.of(outcome).ordinal()].increment();
    }

    public void repeated(Outcome because) {
        retries[Ending.of(because).ordinal()].increment();
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
