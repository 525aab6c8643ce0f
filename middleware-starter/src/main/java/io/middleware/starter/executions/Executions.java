package io.middleware.starter.executions;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Makes methods record what they execute. */
final class Executions {

    private static final Metadata.Key<String> CALL_ID = key("x-call-id");
    private static final Metadata.Key<String> KEY = key("idempotency-key");
    private static final Metadata.Key<String> CALLER = key("middleware-caller");

    private final ExecutionBook book;
    private final String instance;
    private final InstantSource clock;

    Executions(ExecutionBook book, String instance, InstantSource clock) {
        this.book = book;
        this.instance = instance;
        this.clock = clock;
    }

    /** Returns the same service, except that its methods that change something are recorded. */
    ServerServiceDefinition recorded(ServerServiceDefinition service) {
        ServerServiceDefinition.Builder recorded = ServerServiceDefinition.builder(service.getServiceDescriptor());
        service.getMethods().forEach(method -> recorded.addMethod(recorded(method)));
        return recorded.build();
    }

    private <Q, R> ServerMethodDefinition<Q, R> recorded(ServerMethodDefinition<Q, R> method) {
        return method.getMethodDescriptor().isSafe()
                ? method
                : method.withServerCallHandler(new RecordedMethod<>(method.getServerCallHandler(), this));
    }

    void write(MethodDescriptor<?, ?> method, Metadata headers) {
        book.write(new Execution(
                UUID.randomUUID().toString(),
                text(CALL_ID, headers),
                withoutQuotes(text(KEY, headers).strip()),
                text(CALLER, headers),
                method.getFullMethodName(),
                instance,
                ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant())));
    }

    private static String text(Metadata.Key<String> key, Metadata headers) {
        String value = headers.get(key);
        return value == null ? "" : value;
    }

    /** Keys are compared without the quotes that they have as strings of structured headers. */
    private static String withoutQuotes(String key) {
        boolean quoted = key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"");
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
