package io.middleware.gateway.consul;

import io.middleware.starter.tls.HandshakeFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why a query to Consul failed, for a person. */
final class QueryFailure {
    private QueryFailure() {}

    /** Thrown for a request that was cancelled to be sent again; not a failure of Consul. */
    static final class Cancelled extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Returns the failure without what asynchronous calls wrap it in. */
    static IOException of(Throwable failed) {
        Throwable cause = failed;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause instanceof UncheckedIOException)) {
            cause = cause.getCause();
        }
        return cause instanceof Cancelled cancelled ? cancelled : new IOException(describe(cause), failed);
    }

    private static String describe(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException _ ->
                "no connection within " + ConsulHttp.CONNECT_TIMEOUT.toSeconds() + " s";
            case ConnectException _ -> "cannot connect";
            case Throwable tls when HandshakeFailure.isOne(tls) -> HandshakeFailure.describe(tls);
            default -> failure.getMessage() != null ? failure.getMessage() : failure.toString();
        };
    }
}
