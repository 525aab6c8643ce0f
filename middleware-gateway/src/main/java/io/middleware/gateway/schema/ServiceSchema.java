package io.middleware.gateway.schema;

import io.middleware.core.Call;
import io.middleware.core.MethodTraits;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The merged description of one service, whose instances may be of several versions. A method is described by the
 * version of the instance that was registered last; its traits are those that hold in all versions.
 *
 * @param methods by path
 * @param files   by full name of a gRPC service
 * @param traits  by path
 */
record ServiceSchema(Map<String, Method> methods, Map<String, ServiceFiles> files, Map<String, MethodTraits> traits) {

    /** How one instance describes the service. */
    record Description(SchemaVersion version, long createIndex) {}

    /**
     * Merges the descriptions. An instance that has not responded yet must not be among them, or each new instance
     * would make the others' methods not idempotent for a moment. An instance whose version stays unknown is: then no
     * traits are known.
     */
    static ServiceSchema of(Collection<Description> descriptions) {
        List<SchemaVersion> versions = descriptions.stream()
                .sorted(Comparator.comparingLong(Description::createIndex).reversed())
                .map(Description::version)
                .distinct()
                .toList();
        Map<String, Method> methods = new TreeMap<>();
        Map<String, ServiceFiles> files = new HashMap<>();
        Map<String, MethodTraits> traits = new HashMap<>();
        for (SchemaVersion version : versions) {
            version.services().forEach(files::putIfAbsent);
            version.methods().forEach((path, method) -> {
                methods.putIfAbsent(path, method);
                traits.merge(path, method.traits(), MethodTraits::and);
            });
        }
        versions.forEach(version ->
                traits.keySet().removeIf(path -> version.undescribed().containsKey(Call.grpcService(path))));
        return new ServiceSchema(methods, files, versions.contains(SchemaVersion.UNKNOWN) ? Map.of() : traits);
    }
}
