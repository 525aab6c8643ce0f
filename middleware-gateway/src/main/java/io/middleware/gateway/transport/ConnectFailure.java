package io.middleware.gateway.transport;

import java.net.ConnectException;

/** Describes why a connection or a stream could not be opened. */
final class ConnectFailure {
    private ConnectFailure() {}

    /** Returns the reason in a few words, for messages to callers. */
    static String describe(Throwable failure) {
        return failure instanceof ConnectException
                ? "connection refused"
                : failure.getMessage() != null
                        ? failure.getMessage()
                        : failure.getClass().getSimpleName();
    }
}
