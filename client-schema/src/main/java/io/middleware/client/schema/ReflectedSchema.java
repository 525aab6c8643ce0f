package io.middleware.client.schema;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Describes services by the gRPC server reflection of a server: version v1, or v1alpha, which differs only in its name.
 */
public final class ReflectedSchema implements Schema {

    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
            ServerReflectionGrpc.getServerReflectionInfoMethod();
    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1_ALPHA = V1.toBuilder()
            .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
            .build();

    private final Channel channel;
    private final Duration deadline;

    /** @param deadline time for one service's description to arrive */
    public ReflectedSchema(Channel channel, Duration deadline) {
        this.channel = channel;
        this.deadline = deadline;
    }

    /**
     * @return the service; empty also when the server offers no reflection
     * @throws io.grpc.StatusRuntimeException if the call to the server failed
     */
    @Override
    public Optional<ServiceDescriptor> service(String name) {
        for (var version : List.of(V1, V1_ALPHA)) {
            try (var conversation = new ReflectionConversation(channel, version, deadline)) {
                return conversation.service(name);
            } catch (StatusException e) {
                if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
                    throw e.getStatus().asRuntimeException(e.getTrailers());
                }
            }
        }
        return Optional.empty();
    }
}
