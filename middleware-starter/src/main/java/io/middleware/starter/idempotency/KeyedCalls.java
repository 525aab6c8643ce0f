package io.middleware.starter.idempotency;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;

/**
 * What all methods that honour keys have in common.
 *
 * @param longestWait for another call with the same key that still runs
 * @param exceptions  the application's own, in order: they say which status an exception is
 */
public record KeyedCalls(
        EffectLedger ledger,
        IdempotencyScope scope,
        IdempotencyMeters meters,
        Duration longestWait,
        List<GrpcExceptionHandler> exceptions) {

    /** Returns the same service, except that the methods that honour keys do so. */
    public ServerServiceDefinition keyed(ServerServiceDefinition service, KeyedMethods methods) {
        ServerServiceDefinition.Builder keyed = ServerServiceDefinition.builder(service.getServiceDescriptor());
        service.getMethods().forEach(method -> keyed.addMethod(keyed(method, methods)));
        return keyed.build();
    }

    private <Q, R> ServerMethodDefinition<Q, R> keyed(ServerMethodDefinition<Q, R> method, KeyedMethods methods) {
        Set<Status.Code> finalErrors =
                methods.finalErrors(method.getMethodDescriptor().getFullMethodName());
        return finalErrors == null
                ? method
                : method.withServerCallHandler(
                        new KeyedCallHandler<>(method.getServerCallHandler(), finalErrors, this));
    }

    /** Returns the status that an exception of a method ends its call with, or null if it names none. */
    @Nullable
    StatusException statusOf(Throwable thrown) {
        for (GrpcExceptionHandler handler : exceptions) {
            StatusException status = handler.handleException(thrown);
            if (status != null) {
                return status;
            }
        }
        Status status = Status.fromThrowable(thrown);
        return status.getCode() == Status.Code.UNKNOWN
                ? null
                : status.asException(Status.trailersFromThrowable(thrown));
    }
}
