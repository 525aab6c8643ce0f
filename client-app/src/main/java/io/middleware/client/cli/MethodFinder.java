package io.middleware.client.cli;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.Channel;
import io.middleware.client.schema.CompiledSchema;
import io.middleware.client.schema.ProtoSetSchema;
import io.middleware.client.schema.ReflectedSchema;
import io.middleware.client.schema.SchemaException;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds a method's descriptor: in the file that was given, else among those compiled in, else at the target. */
final class MethodFinder {

    private static final Duration REFLECTION_DEADLINE = Duration.ofSeconds(5);

    private final String target;
    private final @Nullable Path protoSet;
    private final Channel channel;

    /** @param protoSet a file of descriptors */
    MethodFinder(String target, @Nullable Path protoSet, Channel channel) {
        this.target = target;
        this.protoSet = protoSet;
        this.channel = channel;
    }

    /** @throws SchemaException if there is no such method. The message names those there are, or what to do */
    MethodDescriptor find(MethodName name) {
        ServiceDescriptor service = protoSet == null ? known(name.service()) : given(protoSet, name.service());
        MethodDescriptor method = service.findMethodByName(name.method());
        if (method == null) {
            throw new SchemaException(name.service() + " has no method " + name.method() + ": expected one of "
                    + service.getMethods().stream()
                            .map(MethodDescriptor::getName)
                            .collect(Collectors.joining(", ")));
        }
        return method;
    }

    private static ServiceDescriptor given(Path protoSet, String service) {
        return new ProtoSetSchema(protoSet)
                .service(service)
                .orElseThrow(() -> new SchemaException(protoSet + " does not describe " + service));
    }

    private ServiceDescriptor known(String service) {
        return new CompiledSchema(HelloServiceGrpc.getServiceDescriptor())
                .service(service)
                .or(() -> new ReflectedSchema(channel, REFLECTION_DEADLINE).service(service))
                .orElseThrow(() ->
                        new SchemaException("no description of " + service + ": it is not compiled in, and " + target
                                + " does not offer it by server reflection. Give it with --proto-set FILE,"
                                + " written by protoc --include_imports --descriptor_set_out=FILE"));
    }
}
