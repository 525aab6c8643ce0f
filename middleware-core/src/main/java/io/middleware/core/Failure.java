package io.middleware.core;

/**
 * The middleware's own answer where no server gave one.
 *
 * @param code     what the caller is to make of it
 * @param message  for a person; names the service, but no instance of it
 * @param detailed the same, with each instance tried and why it did not answer: for callers who may know the instances
 */
public record Failure(Code code, String message, String detailed) {

    /** Creates one that has no more to tell. */
    public Failure(Code code, String message) {
        this(code, message, message);
    }
}
