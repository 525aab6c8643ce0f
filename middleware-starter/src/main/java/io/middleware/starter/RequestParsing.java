package io.middleware.starter;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a malformed request with {@code INVALID_ARGUMENT}. By default the library blames the server: it returns
 * {@code UNKNOWN}, and logs a stack trace for each.
 */
final class RequestParsing {

    private RequestParsing() {}

    /** Returns the same service, except that it refuses malformed requests. */
    static ServerServiceDefinition checked(ServerServiceDefinition service) {
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        var methods = service.getMethods().stream().map(RequestParsing::checked).toList();
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder checked = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(checked::addMethod);
        return checked.build();
    }

    private static <T, R> ServerMethodDefinition<Parsed<T>, R> checked(ServerMethodDefinition<T, R> method) {
        MethodDescriptor<T, R> descriptor = method.getMethodDescriptor();
        return ServerMethodDefinition.create(
                descriptor.toBuilder(new RequestMarshaller<>(descriptor), descriptor.getResponseMarshaller())
                        .build(),
                (call, headers) -> {
                    RefusableCall<T, R> refusable = new RefusableCall<>(call, descriptor);
                    return refusable.listener(method.getServerCallHandler().startCall(refusable, headers));
                });
    }

    /** A parsed request: a message, or why there is none. */
    record Parsed<T>(@Nullable T message, @Nullable Status refusal) {}

    private record RequestMarshaller<T>(MethodDescriptor<T, ?> method) implements Marshaller<Parsed<T>> {

        @Override
        public Parsed<T> parse(InputStream bytes) {
            try {
                return new Parsed<>(method.parseRequest(bytes), null);
            } catch (StatusRuntimeException failed) {
                return new Parsed<>(null, refusal(failed));
            }
        }

        private Status refusal(StatusRuntimeException failed) {
            if (!(failed.getCause() instanceof InvalidProtocolBufferException malformed)) {
                return failed.getStatus(); // such as a message that is too large
            }
            return Status.INVALID_ARGUMENT.withDescription("the request of " + method.getFullMethodName()
                    + " is not the Protobuf message that is expected: " + malformed.getMessage());
        }

        @Override
        public InputStream stream(Parsed<T> request) {
            return method.streamRequest(request.message());
        }
    }
}
