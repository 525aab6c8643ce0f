package io.middleware.core;

/**
 * The middleware's own answer where no server gave one.
 *
 * @param code    what the caller is to make of it
 * @param message for a person; names each instance tried, and why it did not answer
 */
public record Failure(Code code, String message) {
}
