package io.middleware.starter;

import java.io.IOException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which address the gRPC server could not have, instead of a stack trace. */
final class BindFailureAnalyzer extends AbstractFailureAnalyzer<IOException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, IOException cause) {
        String message = cause.getMessage();
        // how grpc-java begins it
        if (message == null || !message.startsWith("Failed to bind to address")) {
            return null;
        }
        Throwable why = cause.getCause();
        return new FailureAnalysis(
                "The gRPC server cannot listen. " + message + (why == null ? "" : ": " + why.getMessage()),
                "End what listens there, or set spring.grpc.server.port or spring.grpc.server.address to something else.",
                cause);
    }
}
