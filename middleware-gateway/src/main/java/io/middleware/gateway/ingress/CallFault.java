package io.middleware.gateway.ingress;

import io.middleware.core.Failure;

/**
 * Sent up a stream's pipeline to end its call: the caller broke its protocol, or what passes cannot be translated. The
 * failure comes back down as the response.
 *
 * @param httpStatus 200, or an HTTP error status where the request was not a call
 */
public record CallFault(int httpStatus, Failure failure) {
    public static final int OK = 200;

    /** The failure of a call. */
    public CallFault(Failure failure) {
        this(OK, failure);
    }
}
