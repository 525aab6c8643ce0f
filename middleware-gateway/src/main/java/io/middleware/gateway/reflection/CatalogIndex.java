package io.middleware.gateway.reflection;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file that defines a symbol or an extension. Of two definitions the one that was added first counts. Fields,
 * methods and nested enum values are found through what they belong to, as an index of them would take much memory.
 */
final class CatalogIndex {
    private final Map<String, Definition> symbols = new HashMap<>();
    private final Map<String, SortedMap<Integer, CatalogFile>> extensions = new HashMap<>();

    private record Definition(GenericDescriptor symbol, CatalogFile file) {}

    void add(CatalogFile file) {
        FileDescriptor descriptor = file.descriptor();
        descriptor.getServices().forEach(service -> add(service, file));
        descriptor.getMessageTypes().forEach(message -> add(message, file));
        descriptor.getEnumTypes().forEach(type -> {
            add(type, file);
            // in Protobuf, though not in Java, those are siblings of their type
            String scope = descriptor.getPackage().isEmpty() ? "" : descriptor.getPackage() + ".";
            type.getValues().forEach(value -> add(scope + value.getName(), value, file));
        });
        descriptor.getExtensions().forEach(extension -> addExtension(extension, file));
    }

    /** Adds the gRPC services of a file only. */
    void addServices(CatalogFile file) {
        file.descriptor().getServices().forEach(service -> add(service, file));
    }

    private void add(Descriptor message, CatalogFile file) {
        add((GenericDescriptor) message, file);
        message.getNestedTypes().forEach(nested -> add(nested, file));
        message.getEnumTypes().forEach(type -> add(type, file));
        message.getExtensions().forEach(extension -> addExtension(extension, file));
    }

    private void addExtension(FieldDescriptor extension, CatalogFile file) {
        add(extension, file);
        extensions
                .computeIfAbsent(extension.getContainingType().getFullName(), type -> new TreeMap<>())
                .putIfAbsent(extension.getNumber(), file);
    }

    private void add(GenericDescriptor symbol, CatalogFile file) {
        add(symbol.getFullName(), symbol, file);
    }

    private void add(String name, GenericDescriptor symbol, CatalogFile file) {
        symbols.putIfAbsent(name, new Definition(symbol, file));
    }

    @Nullable
    CatalogFile fileContaining(String symbol) {
        Definition exact = symbols.get(symbol);
        if (exact != null) {
            return exact.file;
        }
        int dot = symbol.lastIndexOf('.');
        Definition parent = dot < 0 ? null : symbols.get(symbol.substring(0, dot));
        return parent != null && hasMember(parent.symbol, symbol.substring(dot + 1)) ? parent.file : null;
    }

    private static boolean hasMember(GenericDescriptor parent, String name) {
        return switch (parent) {
            case ServiceDescriptor service -> service.findMethodByName(name) != null;
            case Descriptor message ->
                message.findFieldByName(name) != null
                        || message.getOneofs().stream()
                                .anyMatch(oneof -> oneof.getName().equals(name))
                        || message.getEnumTypes().stream().anyMatch(type -> type.findValueByName(name) != null);
            default -> false;
        };
    }

    @Nullable
    CatalogFile fileExtending(String type, int number) {
        return extensions.getOrDefault(type, new TreeMap<>()).get(number);
    }

    /** Returns the numbers of all extensions of a message type; null if there is no such type. */
    @Nullable
    Set<Integer> extensionNumbers(String type) {
        Definition definition = symbols.get(type);
        if (definition == null || !(definition.symbol instanceof Descriptor)) {
            return null;
        }
        SortedMap<Integer, CatalogFile> some = extensions.get(type);
        return some == null ? Set.of() : some.keySet();
    }
}
