package io.middleware.gateway.openapi;

import io.middleware.gateway.schema.Method;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What can be called.
 *
 * @param methods  in the order of their paths
 * @param mappings the mapping that takes a request precedes others that match it
 */
public record Api(List<Method> methods, List<RestMapping> mappings) {
    public Api {
        methods = List.copyOf(methods);
        mappings = List.copyOf(mappings);
    }

    /** Returns the full names of the gRPC services. */
    public SortedSet<String> services() {
        SortedSet<String> names = new TreeSet<>();
        methods.forEach(method -> names.add(method.grpcService()));
        return names;
    }

    /** Returns the part that consists of these gRPC services. */
    public Api of(Collection<String> grpcServices) {
        return new Api(
                methods.stream()
                        .filter(method -> grpcServices.contains(method.grpcService()))
                        .toList(),
                mappings.stream()
                        .filter(mapping ->
                                grpcServices.contains(mapping.method().grpcService()))
                        .toList());
    }
}
