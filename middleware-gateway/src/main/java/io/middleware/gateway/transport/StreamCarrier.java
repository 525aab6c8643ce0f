package io.middleware.gateway.transport;

import io.middleware.core.Outcome;

/** The connection that carries a stream. */
interface StreamCarrier {
    /** Returns {@link ServerVersion#renewals} of the time when the connection was made. */
    int madeAt();

    /** Returns the outcome of a call that the server had when the connection was lost. */
    Outcome loss();

    void flushSoon();

    void attemptEnded();
}
