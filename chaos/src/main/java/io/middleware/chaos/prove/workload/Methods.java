package io.middleware.chaos.prove.workload;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.chaos.stack.Stack;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Methods by their full names, as the gateways' server reflection describes them. */
final class Methods {

    /** Asks for files of descriptors, in their serialized form. */
    interface Files {

        /** Returns the file that describes a symbol, and perhaps files that it imports. */
        List<byte[]> ofSymbol(String symbol);

        List<byte[]> byName(String name);
    }

    private final Files files;
    private final Map<String, MethodDescriptor> known = new ConcurrentHashMap<>();

    Methods(Files files) {
        this.files = files;
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
        String service = name.substring(0, Math.max(0, slash));
        try {
            Map<String, FileDescriptorProto> protos = new HashMap<>();
            files.ofSymbol(service).forEach(file -> add(protos, file));
            for (FileDescriptorProto proto : List.copyOf(protos.values())) {
                ServiceDescriptor found = build(proto, protos, new HashMap<>())
                        .findServiceByName(service.substring(service.lastIndexOf('.') + 1));
                MethodDescriptor method = found == null || !found.getFullName().equals(service)
                        ? null
                        : found.findMethodByName(name.substring(slash + 1));
                if (method != null && !method.isClientStreaming() && !method.isServerStreaming()) {
                    return method;
                }
            }
        } catch (DescriptorValidationException broken) {
            throw new Stack.StackException("the description of " + service + " is broken: " + broken.getMessage());
        }
        throw new Stack.StackException("expected SERVICE/METHOD of a unary method that runs here, got '" + name + "'");
    }

    private FileDescriptor build(
            FileDescriptorProto proto, Map<String, FileDescriptorProto> protos, Map<String, FileDescriptor> built)
            throws DescriptorValidationException {
        FileDescriptor done = built.get(proto.getName());
        if (done != null) {
            return done;
        }
        FileDescriptor[] imports = new FileDescriptor[proto.getDependencyCount()];
        for (int each = 0; each < imports.length; each++) {
            imports[each] = build(imported(proto.getDependency(each), protos), protos, built);
        }
        FileDescriptor file = FileDescriptor.buildFrom(proto, imports);
        built.put(proto.getName(), file);
        return file;
    }

    private FileDescriptorProto imported(String name, Map<String, FileDescriptorProto> protos) {
        if (!protos.containsKey(name)) {
            files.byName(name).forEach(file -> add(protos, file));
        }
        @Nullable FileDescriptorProto found = protos.get(name);
        if (found == null) {
            throw new Stack.StackException("server reflection does not know " + name);
        }
        return found;
    }

    private static void add(Map<String, FileDescriptorProto> protos, byte[] file) {
        try {
            FileDescriptorProto proto = FileDescriptorProto.parseFrom(file);
            protos.put(proto.getName(), proto);
        } catch (InvalidProtocolBufferException broken) {
            throw new Stack.StackException("server reflection gave a broken file: " + broken.getMessage());
        }
    }
}
