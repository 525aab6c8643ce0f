package io.middleware.client.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Describes the services in a file that {@code protoc --include_imports --descriptor_set_out=FILE} wrote. */
public final class ProtoSetSchema implements Schema {

    private final List<FileDescriptor> files;

    /** @throws SchemaException if the file cannot be read, is no descriptor set, or lacks an import */
    public ProtoSetSchema(Path path) {
        Map<String, FileDescriptorProto> byName = read(path).getFileList().stream()
                .collect(Collectors.toMap(FileDescriptorProto::getName, Function.identity(), (first, again) -> first));
        ProtoFiles protoFiles = new ProtoFiles(name -> {
            FileDescriptorProto file = byName.get(name);
            if (file == null) {
                throw new SchemaException(path + " lacks the import " + name
                        + ": expected the output of protoc --include_imports --descriptor_set_out=FILE");
            }
            return file;
        });
        files = byName.keySet().stream().map(protoFiles::link).toList();
    }

    @Override
    public Optional<ServiceDescriptor> service(String name) {
        return ProtoFiles.findService(files, name);
    }

    private static FileDescriptorSet read(Path path) {
        try {
            return FileDescriptorSet.parseFrom(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new SchemaException(path + ": no such file", e);
        } catch (InvalidProtocolBufferException e) {
            throw new SchemaException(
                    path
                            + " is no descriptor set: expected the output of protoc --include_imports --descriptor_set_out=FILE",
                    e);
        } catch (IOException e) {
            throw new SchemaException(path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
