package io.middleware.gateway.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Links files as a client of reflection does who puts all that he gets into one registry. */
public final class LinkedFiles {
    private final Function<String, ByteString> source;
    private final Map<String, FileDescriptor> linked = new HashMap<>();

    /** {@code source}: gives a file by its name. */
    public LinkedFiles(Function<String, ByteString> source) {
        this.source = source;
    }

    public FileDescriptor link(ByteString file) {
        try {
            FileDescriptorProto proto = FileDescriptorProto.parseFrom(file);
            FileDescriptor known = linked.get(proto.getName());
            if (known == null) {
                FileDescriptor[] imports = proto.getDependencyList().stream()
                        .map(name -> linked.containsKey(name) ? linked.get(name) : link(source.apply(name)))
                        .toArray(FileDescriptor[]::new);
                known = FileDescriptor.buildFrom(proto, imports);
                linked.put(proto.getName(), known);
            } else if (!known.toProto().equals(proto)) {
                throw new AssertionError("two files are named " + proto.getName());
            }
            return known;
        } catch (InvalidProtocolBufferException | DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }
}
