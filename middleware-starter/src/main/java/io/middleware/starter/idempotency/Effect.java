package io.middleware.starter.idempotency;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The application's code for one call. */
@FunctionalInterface
public interface Effect {

    /** Runs it, in a transaction. What it throws is passed on after the transaction has been rolled back. */
    Ended run();

    /** Says what shall stay of a run. */
    enum Keep {
        /** What it wrote, and the response. */
        ALL,
        /** The response, but not what it wrote: an error that is final. */
        RESPONSE,
        /** Nothing, so that a repeat runs again. */
        NOTHING
    }

    /** A run that has ended; {@code response} is null if nothing is kept. */
    record Ended(Keep keep, @Nullable StoredResponse response) {
        static final Ended WITH_NOTHING = new Ended(Keep.NOTHING, null);

        /** Returns the response that is kept. */
        public StoredResponse kept() {
            return Objects.requireNonNull(response, "nothing is kept");
        }
    }
}
