package io.middleware.chaos.prove.workload;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.middleware.chaos.stack.Stack;
import io.middleware.client.schema.Schema;
import io.middleware.client.schema.SchemaException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Unary methods by their full names. */
final class Methods {

    private final Schema schema;
    private final Map<String, MethodDescriptor> known = new ConcurrentHashMap<>();

    Methods(Schema schema) {
        this.schema = schema;
    }

    /** @throws Stack.StackException if there is none of this name */
    MethodDescriptor find(String name) {
        return known.computeIfAbsent(name, this::describe);
    }

    /** Returns whether a second execution of the method is harmless by its own word. */
    boolean marked(String name) {
        return find(name).getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    }

    private MethodDescriptor describe(String name) {
        int slash = name.lastIndexOf('/');
        try {
            return schema.service(name.substring(0, Math.max(0, slash)))
                    .map(service -> service.findMethodByName(name.substring(slash + 1)))
                    .filter(method -> !method.isClientStreaming() && !method.isServerStreaming())
                    .orElseThrow(() -> new Stack.StackException(
                            "expected SERVICE/METHOD of a unary method that runs here, got '" + name + "'"));
        } catch (SchemaException | StatusRuntimeException failed) {
            throw new Stack.StackException(name + " is not described: " + failed.getMessage());
        }
    }
}
