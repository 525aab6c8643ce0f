package io.middleware.starter;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports the address that the gRPC server could not bind, instead of a stack trace. */
final class BindFailureAnalyzer extends AbstractFailureAnalyzer<IOException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IOException cause) {
        String message = cause.getMessage();
        // the beginning of grpc-java's message
        if (message == null || !message.startsWith("Failed to bind to address")) {
            return null;
        }
        Throwable why = cause.getCause();
        return new FailureAnalysis(
                "The gRPC server cannot listen. " + message + (why == null ? "" : ": " + why.getMessage()),
                "Stop the process that listens there, or change spring.grpc.server.port or spring.grpc.server.address.",
                cause);
    }
}
