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
 * What the instances of one service say together, when they are of more than one version: methods are described by the version
 * of the instance that was registered last, and promise what all versions promise.
 *
 * @param methods by path
 * @param traits  by path
 */
record ServiceSchema(Map<String, Method> methods, Map<String, MethodTraits> traits) {

    /** One instance's word. */
    record Word(SchemaVersion version, long createIndex) {}

    /**
     * An instance that has not answered yet has no word here, or each new one would make the others' methods unrepeatable for a
     * moment. One whose version stays unknown has: nothing is promised then.
     */
    static ServiceSchema of(Collection<Word> words) {
        List<SchemaVersion> versions = words.stream()
                .sorted(Comparator.comparingLong(Word::createIndex).reversed())
                .map(Word::version)
                .distinct()
                .toList();
        Map<String, Method> methods = new TreeMap<>();
        Map<String, MethodTraits> traits = new HashMap<>();
        for (SchemaVersion version : versions) {
            version.methods().forEach((path, method) -> {
                methods.putIfAbsent(path, method);
                traits.merge(path, method.traits(), MethodTraits::and);
            });
        }
        versions.forEach(version ->
                traits.keySet().removeIf(path -> version.undescribed().containsKey(Call.grpcService(path))));
        return new ServiceSchema(methods, versions.contains(SchemaVersion.UNKNOWN) ? Map.of() : traits);
    }
}
