package io.middleware.core;

/**
 * The status that the middleware itself ends a call with, when no server responded.
 *
 * @param code     the status code
 * @param message  text for a person; names the service, but no instance of it
 * @param detailed the same text with each instance tried and why it did not respond, for callers who may know the
 *                 instances
 */
public record Failure(Code code, String message, String detailed) {

    /** Creates a failure without details. */
    public Failure(Code code, String message) {
        this(code, message, message);
    }
}
