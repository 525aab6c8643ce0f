package io.middleware.starter;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The gRPC services of an instance as Consul's metadata holds them: {@code grpc-services-1}, {@code -2}, ... */
final class GrpcServices {

    /** What Consul accepts as one value. */
    private static final int LONGEST_VALUE = 512;
    /** Every server has these for itself; nobody calls them through a gateway. */
    private static final List<String> INFRASTRUCTURE = List.of("grpc.health.", "grpc.reflection.", "grpc.channelz.");

    private GrpcServices() {}

    /**
     * Packs full names, sorted and comma-separated, into as few values of 512 characters as it takes.
     *
     * @throws IllegalArgumentException if a name is longer than a value
     */
    static Map<String, String> metadata(Collection<String> names) {
        Map<String, String> metadata = new LinkedHashMap<>();
        StringBuilder value = new StringBuilder();
        for (String name : new TreeSet<>(names)) {
            if (INFRASTRUCTURE.stream().anyMatch(name::startsWith)) {
                continue;
            }
            if (name.length() > LONGEST_VALUE) {
                throw new IllegalArgumentException(
                        "name of a gRPC service: expected at most 512 characters, was " + name);
            }
            if (!value.isEmpty() && value.length() + 1 + name.length() > LONGEST_VALUE) {
                put(metadata, value);
                value.setLength(0);
            }
            value.append(value.isEmpty() ? "" : ",").append(name);
        }
        if (!value.isEmpty()) {
            put(metadata, value);
        }
        return metadata;
    }

    private static void put(Map<String, String> metadata, StringBuilder value) {
        metadata.put("grpc-services-" + (metadata.size() + 1), value.toString());
    }
}
