package io.middleware.gateway.ingress.grpc;

import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports in a few lines, without a stack trace, that the gRPC server cannot listen. */
final class GrpcServerFailureAnalyzer extends AbstractFailureAnalyzer<GrpcServerFailureAnalyzer.CannotListen> {

    /** Thrown when the port is taken, or the address is not this machine's. */
    static final class CannotListen extends RuntimeException {
        CannotListen(UncheckedIOException reason) {
            super(Objects.requireNonNull(reason.getCause()).getMessage(), reason);
        }
    }

    @Override
    protected FailureAnalysis analyze(Throwable root, CannotListen cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "End what listens there, or set middleware.gateway.grpc.port or server.address to something else.",
                cause);
    }
}
