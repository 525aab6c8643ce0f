package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what ended a translation into an error for the caller. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Returns the reason of a {@link Refusal}; anything else is an error of this program, and is logged. */
    static ConnectError of(Throwable failure) {
        if (failure instanceof Refusal refusal && refusal.answer().error() != null) {
            return refusal.answer().error();
        }
        log.error("a message of a stream could not be translated", failure);
        return new ConnectError(Code.INTERNAL, "the gateway failed; its log says more");
    }
}
