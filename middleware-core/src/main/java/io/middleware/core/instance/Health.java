package io.middleware.core.instance;

import io.middleware.core.Counts.Cause;
import org.jspecify.annotations.Nullable;

/** What attempts and probes have shown of one instance. Immutable; {@link HealthTracker} holds the current state. */
public sealed interface Health {
    /** The state of an instance that has never been ejected. */
    Health NEVER_EJECTED = new Healthy(null);

    /** Returns the current or last ejection; null if the instance was never ejected. */
    @Nullable
    Ejected lastEjection();

    /** Nothing speaks against the instance. */
    record Healthy(@Nullable Ejected lastEjection) implements Health {}

    /** An attempt got no response for too long, or a connection broke: a health check is in flight. It still gets calls. */
    record Suspected(@Nullable Ejected lastEjection) implements Health {}

    /**
     * Taken out of the choice until it responds to a probe.
     *
     * @param reason for people: why it was ejected, or what its last probe found
     * @param since  on the ticker's clock
     * @param lost   silent for {@code silence.lost-after}: calls must not wait for it any longer
     */
    record Ejected(Cause cause, String reason, long since, boolean lost) implements Health {
        @Override
        public Ejected lastEjection() {
            return this;
        }

        /** Returns whether attempts failed though the server could be reached, which a probe cannot disprove. */
        boolean needsTrial() {
            return cause == Cause.FAILING || cause == Cause.OUTLIER;
        }

        Ejected withProbe(String failure, boolean nowLost) {
            return new Ejected(cause, failure, since, nowLost);
        }
    }

    /**
     * Back in the choice after attempts had failed on it; none has shown yet that it works.
     *
     * @param idempotentOnly calls that are not idempotent avoid it
     * @param checked        a health check is in flight
     * @param triedAt        when its last attempt on trial began, on the ticker's clock
     */
    record OnTrial(Ejected lastEjection, boolean idempotentOnly, boolean checked, long triedAt) implements Health {
        static final long NEVER = Long.MIN_VALUE / 2;

        OnTrial forAllCalls() {
            return new OnTrial(lastEjection, false, checked, triedAt);
        }

        OnTrial withCheck(boolean inFlight) {
            return new OnTrial(lastEjection, idempotentOnly, inFlight, triedAt);
        }

        OnTrial triedAgain(long now) {
            return new OnTrial(lastEjection, idempotentOnly, checked, now);
        }
    }
}
