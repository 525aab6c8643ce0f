package io.middleware.gateway.reflection;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.gateway.schema.CommonFiles;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.ServiceFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Catalog}: of the gateway's own services, then of the others by name, then of common files. Takes what
 * is unchanged from the one before. Confined to one thread.
 */
final class CatalogBuilder {
    private Map<FileDescriptor, FileGraph.Content> contents = Map.of();
    private Map<String, CatalogFile> files = Map.of();

    /**
     * What a catalog is made of.
     *
     * @param services the gRPC services that are up, and their files; null for one without a description
     * @param holds    by path, what the methods of the services promise in all versions in use
     */
    record Parts(SortedMap<String, @Nullable ServiceFiles> services, Map<String, Idempotency> holds) {}

    Catalog build(Parts parts) {
        SortedMap<String, @Nullable ServiceFiles> services = new TreeMap<>(parts.services());
        services.putAll(OwnServices.files());
        FileGraph graph = new FileGraph(parts.holds()::get, contents);
        FileNames names = new FileNames(files);
        CatalogIndex index = new CatalogIndex();
        Stream.concat(OwnServices.files().values().stream(), parts.services().values().stream())
                .filter(some -> some != null)
                .map(graph::node)
                .map(names::add)
                .forEach(index::addServices);
        List<FileDescriptor> common = new ArrayList<>();
        CommonFiles.all().forEach(common::add);
        CommonFiles.spares().forEach(common::add);
        common.forEach(file -> names.addIfFree(graph.node(ServiceFiles.of(file))));
        names.all().forEach(index::add);
        contents = graph.contents();
        files = names.byDigest();
        return new Catalog(new TreeSet<>(services.keySet()), names, index);
    }
}
