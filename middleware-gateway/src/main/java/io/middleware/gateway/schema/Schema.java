package io.middleware.gateway.schema;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The methods that can be called, as far as they are described; an immutable snapshot.
 *
 * @param methods  by {@code /package.Service/Method}
 * @param absences for a gRPC service that is registered but not described: why
 * @param files    of the gRPC services that are described, by full name
 */
public record Schema(Map<String, Method> methods, Map<String, Absence> absences, Map<String, ServiceFiles> files) {
    public static final Schema EMPTY = new Schema(Map.of(), Map.of());

    public Schema {
        methods = Map.copyOf(methods);
        absences = Map.copyOf(absences);
        files = Map.copyOf(files);
    }

    /** Creates one without files. */
    public Schema(Map<String, Method> methods, Map<String, Absence> absences) {
        this(methods, absences, Map.of());
    }

    /** Returns the full names of the gRPC services that have methods here. */
    public SortedSet<String> grpcServices() {
        SortedSet<String> names = new TreeSet<>();
        methods.values().forEach(method -> names.add(method.grpcService()));
        return names;
    }

    /**
     * Why a gRPC service is not described.
     *
     * @param permanent it will not be described by the instances that run; otherwise the description may still come
     * @param reason    a sentence for a person
     */
    public record Absence(boolean permanent, String reason) {}
}
