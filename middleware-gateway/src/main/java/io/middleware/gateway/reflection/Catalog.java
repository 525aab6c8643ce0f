package io.middleware.gateway.reflection;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of all services that are up; an immutable snapshot. Each name belongs to one file, and all that a file
 * imports is here.
 */
public final class Catalog {
    private final SortedSet<String> services;
    private final FileNames files;
    private final CatalogIndex index;

    Catalog(SortedSet<String> services, FileNames files, CatalogIndex index) {
        this.services = services;
        this.files = files;
        this.index = index;
    }

    /** Returns the full names of the gRPC services, those without a description included. */
    public SortedSet<String> services() {
        return services;
    }

    /** Returns the file with this name; null if there is none. */
    public @Nullable CatalogFile file(String name) {
        return files.get(name);
    }

    /** Returns the file that declares the symbol with this full name; null if none does. */
    public @Nullable CatalogFile fileContaining(String symbol) {
        return index.fileContaining(symbol);
    }

    /** Returns the file that declares the extension of a message type with this number; null if none does. */
    public @Nullable CatalogFile fileExtending(String type, int number) {
        return index.fileExtending(type, number);
    }

    /** Returns the numbers of all extensions of a message type; null if there is no such type. */
    public @Nullable Set<Integer> extensionNumbers(String type) {
        return index.extensionNumbers(type);
    }

    /** Returns all files: the {@linkplain FileDescriptorProto serialized descriptors} are their contents. */
    public Collection<CatalogFile> files() {
        return List.copyOf(files.all());
    }
}
