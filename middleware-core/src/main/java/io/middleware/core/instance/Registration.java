package io.middleware.core.instance;

import java.util.List;

/**
 * What the registry says of one instance.
 *
 * @param id             unique at its node
 * @param node           where in the registry the entry is; empty where the registry knows no nodes
 * @param weight         its share of calls in relation to others; 1 is usual, 0 gets calls only where all are 0
 * @param grpcServices   full names of the gRPC services it serves; each is kept once
 * @param idempotencyKeys it executes a call once per {@code Idempotency-Key}
 * @param createIndex    the registry's index when it was registered; a smaller one is older
 * @param modifyIndex    the registry's index when its entry or a check of it changed last
 */
public record Registration(
        String id,
        String node,
        String host,
        int port,
        Pool pool,
        int weight,
        List<String> grpcServices,
        boolean idempotencyKeys,
        Status status,
        long createIndex,
        long modifyIndex) {

    /** What the registry says of the instance's health. */
    public enum Status {
        /** All its checks pass. */
        PASSING,
        FAILING,
        /** An operator took it out of service, whatever its checks say. */
        MAINTENANCE;

        static Status of(boolean passing) {
            return passing ? PASSING : FAILING;
        }
    }

    /** A running server: an id that moved to another address is another one. */
    public record Server(String id, String host, int port) {}

    /** An entry of the registry; of another address it takes the place of what it was. */
    public record Entry(String node, String id) {}

    public Registration {
        grpcServices = grpcServices.stream().distinct().toList();
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + id + ": " + weight + " (expected: 0 or more)");
        }
    }

    /** Of a registry without nodes and maintenance. */
    public Registration(
            String id,
            String host,
            int port,
            Pool pool,
            int weight,
            List<String> grpcServices,
            boolean idempotencyKeys,
            boolean passing,
            long createIndex,
            long modifyIndex) {
        this(
                id,
                "",
                host,
                port,
                pool,
                weight,
                grpcServices,
                idempotencyKeys,
                Status.of(passing),
                createIndex,
                modifyIndex);
    }

    public boolean passing() {
        return status == Status.PASSING;
    }

    public Server server() {
        return new Server(id, host, port);
    }

    public Entry entry() {
        return new Entry(node, id);
    }
}
