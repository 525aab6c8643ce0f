package io.middleware.gateway.schema;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.api.AnnotationsProto;
import com.google.api.HttpProto;
import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;

/**
 * The files that nearly everyone imports, and some servers do not send. The ones compiled in here are always used, so that no
 * descriptor is made of two copies of one type.
 */
final class CommonFiles {
    private static final Map<String, FileDescriptor> FILES = Stream.of(
                    DescriptorProtos.getDescriptor(), AnyProto.getDescriptor(), ApiProto.getDescriptor(),
                    DurationProto.getDescriptor(), EmptyProto.getDescriptor(), FieldMaskProto.getDescriptor(),
                    SourceContextProto.getDescriptor(), StructProto.getDescriptor(), TimestampProto.getDescriptor(),
                    TypeProto.getDescriptor(), WrappersProto.getDescriptor(),
                    AnnotationsProto.getDescriptor(), HttpProto.getDescriptor())
            .collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, Function.identity()));

    private static final ExtensionRegistry EXTENSIONS = ExtensionRegistry.newInstance();

    static {
        AnnotationsProto.registerAllExtensions(EXTENSIONS);
    }

    private CommonFiles() {
    }

    static boolean has(String name) {
        return FILES.containsKey(name);
    }

    static FileDescriptor get(String name) {
        return FILES.get(name);
    }

    static Collection<FileDescriptor> all() {
        return FILES.values();
    }

    /** Makes {@code google.api.http} readable in the options of a method. */
    static ExtensionRegistry extensions() {
        return EXTENSIONS;
    }
}
