package io.middleware.client.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Builds the descriptors of .proto files, imports first. */
final class ProtoFiles {

    private final Function<String, FileDescriptorProto> source;
    private final Map<String, FileDescriptor> linked = new HashMap<>();

    /** @param source returns the file of a name, or throws {@link SchemaException} */
    ProtoFiles(Function<String, FileDescriptorProto> source) {
        this.source = source;
    }

    FileDescriptor link(String name) {
        FileDescriptor known = linked.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptorProto file = source.apply(name);
        FileDescriptor[] imports =
                file.getDependencyList().stream().map(this::link).toArray(FileDescriptor[]::new);
        try {
            FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
            linked.put(name, descriptor);
            return descriptor;
        } catch (DescriptorValidationException e) {
            throw new SchemaException("the description of " + name + " is broken: " + e.getMessage(), e);
        }
    }

    static Optional<ServiceDescriptor> findService(Collection<FileDescriptor> files, String name) {
        return files.stream()
                .flatMap(file -> file.getServices().stream())
                .filter(service -> service.getFullName().equals(name))
                .findFirst();
    }
}
