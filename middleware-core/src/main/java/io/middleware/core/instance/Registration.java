package io.middleware.core.instance;

import io.middleware.core.StickyRules;
import java.util.HashSet;
import java.util.List;

/**
 * The registry's entry for one instance.
 *
 * @param id             unique at its node
 * @param node           the registry's node that holds the entry; empty in a registry without nodes
 * @param weight         share of calls in relation to others; 1 is usual, 0 gets calls only if all weights are 0
 * @param grpcServices   full names of the gRPC services it serves; each is kept once
 * @param idempotencyKeys it executes a call once per {@code Idempotency-Key}
 * @param createIndex    the registry's index when it was registered; a smaller one is older
 * @param modifyIndex    the registry's index when its entry or a check of it changed last
 * @param tls            its port speaks TLS
 * @param sticky         by what calls to it are sticky
 * @param schema         instances of the service with an equal one describe their methods alike; empty if it says nothing
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
        long modifyIndex,
        boolean tls,
        StickyRules sticky,
        String schema) {

    /** The instance's health in the registry. */
    public enum Status {
        /** All its checks pass. */
        PASSING,
        FAILING,
        /** An operator took it out of service, whatever the result of its checks. */
        MAINTENANCE;

        static Status of(boolean passing) {
            return passing ? PASSING : FAILING;
        }
    }

    /** A running server: the same id at another address is another server. */
    public record Server(String id, String host, int port) {}

    /** An entry of the registry. A new address in it replaces the old one. */
    public record Entry(String node, String id) {}

    public Registration {
        // the same list if it can be: thousands of instances share one
        grpcServices = new HashSet<>(grpcServices).size() == grpcServices.size()
                ? List.copyOf(grpcServices)
                : grpcServices.stream().distinct().toList();
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + id + ": " + weight + " (expected: 0 or more)");
        }
    }

    /** Makes an entry of an instance that asks for no sticky calls, and does not say how it describes its methods. */
    public Registration(
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
            long modifyIndex,
            boolean tls) {
        this(
                id,
                node,
                host,
                port,
                pool,
                weight,
                grpcServices,
                idempotencyKeys,
                status,
                createIndex,
                modifyIndex,
                tls,
                StickyRules.NONE,
                "");
    }

    /** Makes an entry of an instance whose port is plain. */
    public Registration(
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
        this(
                id,
                node,
                host,
                port,
                pool,
                weight,
                grpcServices,
                idempotencyKeys,
                status,
                createIndex,
                modifyIndex,
                false);
    }

    /** Makes an entry of a registry without nodes and maintenance. */
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
