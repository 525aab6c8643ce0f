package io.middleware.starter.idempotency;

import io.grpc.Status;
import java.time.Duration;

/** Runs effects, each once per key, and remembers their responses. */
public interface EffectLedger {

    /**
     * Runs the effect, unless one with the same key was run before. If one runs now, here or at another server, waits
     * for its end.
     *
     * @param wait        for the other's end
     * @param finalErrors whether the effect may end with an error that is kept
     */
    Result runOnce(CallKey key, Duration wait, boolean finalErrors, Effect effect);

    /** Returns whether other servers see the same keys. */
    boolean isShared();

    /** What became of a call. */
    sealed interface Result {

        /** It ran, and what it says shall be kept is kept; {@code expiresIn} tells how long. */
        record Executed(Duration expiresIn) implements Result {}

        /** It ran, and nothing is left of that. */
        record Discarded() implements Result {}

        /** It ran before: the response of then. */
        record Replayed(StoredResponse response, Duration expiresIn) implements Result {}

        /** It did not run, or nothing is left of that; or, as the text says, that is not known. */
        record Refused(Reason reason, Status status) implements Result {}
    }

    /** Why a call was refused. */
    enum Reason {
        /** The same key with another request. */
        MISMATCHED,
        /** Another call with the same key still runs. */
        BUSY,
        /** The database is away, or nothing can be written there. */
        UNAVAILABLE,
        /** The transaction was rolled back at its end, or nobody knows how it ended. */
        NOT_COMMITTED
    }
}
