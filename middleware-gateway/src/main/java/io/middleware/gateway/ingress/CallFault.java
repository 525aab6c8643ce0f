package io.middleware.gateway.ingress;

import io.middleware.core.Failure;

/**
 * Why a call ends that its caller's protocol has broken, or that cannot be translated.
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
