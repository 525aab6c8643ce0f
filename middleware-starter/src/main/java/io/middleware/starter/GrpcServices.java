package io.middleware.starter;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The gRPC services of an instance, as stored in Consul's metadata: {@code grpc-services-1}, {@code -2}, ... */
public final class GrpcServices {

    /** The longest value that Consul accepts. */
    private static final int MAX_VALUE_LENGTH = 512;
    /** Services of the server itself, which nobody calls through a gateway. */
    private static final List<String> INFRASTRUCTURE = List.of("grpc.health.", "grpc.reflection.", "grpc.channelz.");

    private GrpcServices() {}

    /** Returns whether this is the full name of a service of the server itself, such as health or reflection. */
    public static boolean isInfrastructure(String name) {
        return INFRASTRUCTURE.stream().anyMatch(name::startsWith);
    }

    /**
     * Packs full names, sorted and comma-separated, into as few values of 512 characters as possible.
     *
     * @throws IllegalArgumentException if a name is longer than a value
     */
    static Map<String, String> metadata(Collection<String> names) {
        Map<String, String> metadata = new LinkedHashMap<>();
        StringBuilder value = new StringBuilder();
        for (String name : new TreeSet<>(names)) {
            if (isInfrastructure(name)) {
                continue;
            }
            if (name.length() > MAX_VALUE_LENGTH) {
                throw new IllegalArgumentException(
                        "name of a gRPC service: expected at most 512 characters, was " + name);
            }
            if (!value.isEmpty() && value.length() + 1 + name.length() > MAX_VALUE_LENGTH) {
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
