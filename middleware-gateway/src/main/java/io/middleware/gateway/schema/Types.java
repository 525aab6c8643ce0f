package io.middleware.gateway.schema;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;

import io.middleware.gateway.protojson.KnownTypes;

/** The message types and extensions of one version of a service, and the common ones; it may come to know more. */
public final class Types implements KnownTypes {
    private static final Snapshot COMMON = Snapshot.EMPTY.with(CommonFiles.all());

    private volatile Snapshot known;

    Types(Collection<FileDescriptor> files) {
        known = COMMON.with(files);
    }

    /** Returns types of these files and the common ones. */
    public static Types of(FileDescriptor... files) {
        return new Types(List.of(files));
    }

    @Override
    public Descriptor message(String fullName) {
        return known.messages.get(fullName);
    }

    @Override
    public FieldDescriptor extension(String fullName) {
        return known.extensions.get(fullName);
    }

    @Override
    public ExtensionRegistry extensions() {
        return known.registry;
    }

    /** Immutable; what was there first stays. */
    private record Snapshot(Map<String, Descriptor> messages, Map<String, FieldDescriptor> extensions, ExtensionRegistry registry) {
        static final Snapshot EMPTY = new Snapshot(Map.of(), Map.of(), ExtensionRegistry.getEmptyRegistry());

        Snapshot with(Collection<FileDescriptor> files) {
            Map<String, Descriptor> newMessages = new HashMap<>(messages);
            Map<String, FieldDescriptor> newExtensions = new HashMap<>(extensions);
            for (FileDescriptor file : files) {
                file.getExtensions().forEach(extension -> newExtensions.putIfAbsent(extension.getFullName(), extension));
                file.getMessageTypes().forEach(message -> add(message, newMessages, newExtensions));
            }
            return new Snapshot(Map.copyOf(newMessages), Map.copyOf(newExtensions), registry(newExtensions.values()));
        }

        private static void add(Descriptor message, Map<String, Descriptor> messages, Map<String, FieldDescriptor> extensions) {
            messages.putIfAbsent(message.getFullName(), message);
            message.getExtensions().forEach(extension -> extensions.putIfAbsent(extension.getFullName(), extension));
            message.getNestedTypes().forEach(nested -> add(nested, messages, extensions));
        }

        private static ExtensionRegistry registry(Collection<FieldDescriptor> extensions) {
            ExtensionRegistry registry = ExtensionRegistry.newInstance();
            for (FieldDescriptor extension : extensions) {
                if (extension.getJavaType() == JavaType.MESSAGE) {
                    registry.add(extension, DynamicMessage.getDefaultInstance(extension.getMessageType()));
                } else {
                    registry.add(extension);
                }
            }
            return registry.getUnmodifiable();
        }
    }
}
