package io.middleware.gateway.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import io.middleware.gateway.protojson.KnownTypes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The message types and extensions of one version of a service, and the common ones. More are added when they are
 * looked up.
 */
public final class Types implements KnownTypes {
    private static final Snapshot COMMON = Snapshot.EMPTY.with(CommonFiles.all().toList());
    private static final Snapshot SPARE = COMMON.with(CommonFiles.spares().toList());

    private final Lookup lookup;
    private volatile Snapshot known;

    /** Looks up types that are not known yet. */
    interface Lookup {
        Lookup NONE = (types, fullName) -> CompletableFuture.completedStage(false);

        /**
         * Looks up a message type and {@linkplain Types#add adds} it to {@code types}. Completes with whether the type
         * is known now, or with an exception, whose message is for a person, when that could not be found out.
         */
        CompletionStage<Boolean> lookUp(Types types, String fullName);
    }

    Types(Collection<FileDescriptor> files, Lookup lookup) {
        this.known = COMMON.with(files);
        this.lookup = lookup;
    }

    /** Returns types of these files and the common ones. */
    public static Types of(FileDescriptor... files) {
        return new Types(List.of(files), Lookup.NONE);
    }

    @Override
    public @Nullable Descriptor message(String fullName) {
        Descriptor own = known.messages.get(fullName);
        return own != null ? own : SPARE.messages.get(fullName);
    }

    @Override
    public @Nullable FieldDescriptor extension(String fullName) {
        return known.extensions.get(fullName);
    }

    @Override
    public ExtensionRegistry extensions() {
        return known.registry;
    }

    @Override
    public CompletionStage<Boolean> learn(String fullName) {
        return message(fullName) != null ? CompletableFuture.completedStage(true) : lookup.lookUp(this, fullName);
    }

    /** Returns the files that define the types. */
    Collection<FileDescriptor> files() {
        return known.files.values();
    }

    /** Adds the types of these files. Only one thread calls this. */
    void add(Collection<FileDescriptor> files) {
        known = known.with(files);
    }

    /** An immutable set of types. The first definition of a name wins. */
    private record Snapshot(
            Map<String, FileDescriptor> files,
            Map<String, Descriptor> messages,
            Map<String, FieldDescriptor> extensions,
            ExtensionRegistry registry) {
        static final Snapshot EMPTY = new Snapshot(Map.of(), Map.of(), Map.of(), ExtensionRegistry.getEmptyRegistry());

        Snapshot with(Collection<FileDescriptor> more) {
            Map<String, FileDescriptor> newFiles = new HashMap<>(files);
            Map<String, Descriptor> newMessages = new HashMap<>(messages);
            Map<String, FieldDescriptor> newExtensions = new HashMap<>(extensions);
            boolean incomplete = more.stream()
                    .anyMatch(file -> file.getDependencies().stream().anyMatch(FileBuilder::isStub));
            for (FileDescriptor file : more) {
                newFiles.putIfAbsent(file.getName(), file);
                file.getExtensions()
                        .forEach(extension -> newExtensions.putIfAbsent(extension.getFullName(), extension));
                file.getMessageTypes().forEach(message -> add(message, incomplete, newMessages, newExtensions));
            }
            return new Snapshot(
                    Map.copyOf(newFiles),
                    Map.copyOf(newMessages),
                    Map.copyOf(newExtensions),
                    registry(newExtensions.values()));
        }

        private static void add(
                Descriptor message,
                boolean incomplete,
                Map<String, Descriptor> messages,
                Map<String, FieldDescriptor> extensions) {
            if (!incomplete || FileBuilder.missing(message) == null) {
                messages.putIfAbsent(message.getFullName(), message);
            }
            message.getExtensions().forEach(extension -> extensions.putIfAbsent(extension.getFullName(), extension));
            message.getNestedTypes().forEach(nested -> add(nested, incomplete, messages, extensions));
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
