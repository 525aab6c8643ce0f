package io.middleware.client.schema;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.List;
import java.util.Optional;

/** Describes the services whose generated classes are compiled in. */
public final class CompiledSchema implements Schema {

    private final List<FileDescriptor> files;

    /** @param services results of the generated classes' {@code getServiceDescriptor()} */
    public CompiledSchema(io.grpc.ServiceDescriptor... services) {
        files = List.of(services).stream()
                .map(service -> ((ProtoFileDescriptorSupplier) service.getSchemaDescriptor()).getFileDescriptor())
                .toList();
    }

    @Override
    public Optional<ServiceDescriptor> service(String name) {
        return ProtoFiles.findService(files, name);
    }
}
