package io.middleware.core;

import java.util.List;

/**
 * The status that the middleware itself ends a call with, when no server responded.
 *
 * @param code     the status code
 * @param message  text for a person; names the service, but no instance of it
 * @param detailed the same text with each instance tried and why it did not respond, for callers who may know the
 *                 instances
 * @param headers  headers that go with it, by each protocol: of HTTP, or metadata of gRPC's trailers. Each name once
 */
public record Failure(Code code, String message, String detailed, List<Header> headers) {

    /** {@code name}: in lower case; {@code value}: printable ASCII. */
    public record Header(String name, String value) {}

    public Failure {
        headers = List.copyOf(headers);
    }

    /** Creates a failure without headers. */
    public Failure(Code code, String message, String detailed) {
        this(code, message, detailed, List.of());
    }

    /** Creates a failure without details and headers. */
    public Failure(Code code, String message) {
        this(code, message, message);
    }

    /** Creates a failure without details. */
    public Failure(Code code, String message, List<Header> headers) {
        this(code, message, message, headers);
    }
}
