package io.middleware.core;

import java.util.List;

/**
 * What the registry says of one instance.
 *
 * @param id             unique within the service
 * @param weight         its share of calls in relation to others; 1 is usual, 0 gets calls only where all are 0
 * @param grpcServices   full names of the gRPC services it serves
 * @param idempotencyKeys it executes a call once per {@code Idempotency-Key}
 * @param passing        all its checks pass
 * @param createIndex    the registry's index when it was registered; a smaller one is older
 * @param modifyIndex    the registry's index when its entry or a check of it changed last
 */
public record Registration(String id, String host, int port, Pool pool, int weight, List<String> grpcServices,
                           boolean idempotencyKeys, boolean passing, long createIndex, long modifyIndex) {

    public Registration {
        grpcServices = List.copyOf(grpcServices);
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + id + ": " + weight + " (expected: 0 or more)");
        }
    }

    /** Whether the same running server is meant: an id that moved to another address is another server. */
    boolean sameServer(Registration other) {
        return id.equals(other.id) && host.equals(other.host) && port == other.port;
    }
}
