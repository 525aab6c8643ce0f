package io.middleware.core.directory;

import io.middleware.core.instance.Instance;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which service serves each gRPC service. Of two that claim the same, the one with a passing instance that is not ejected has
 * it, else one with an unconfirmed instance that is not ejected; of two such, the older. Used under {@link Directory}'s lock.
 */
final class Claims {
    /** By the name that operators know. */
    private static final Logger log = LoggerFactory.getLogger(Directory.class);

    /** False is before true, and the statuses are declared from the best to the worst. */
    private static final Comparator<Instance> BY_CLAIM = Comparator.comparing(Instance::isUnavailable)
            .thenComparing(Instance::status)
            .thenComparingLong(instance -> instance.registration().createIndex());

    private final Set<Set<Service>> contested = new HashSet<>();

    /** An instance that lists a gRPC service, with its service. */
    private record Claim(Service service, Instance instance) {}

    /** Returns whether two services have ever claimed the same. */
    boolean contested() {
        return !contested.isEmpty();
    }

    /** Returns the route to each gRPC service that is claimed. */
    Map<String, Route> routes(Collection<RegistryDoubt> memberships) {
        Map<String, Claim> claims = new HashMap<>();
        for (RegistryDoubt membership : memberships) {
            best(membership.service())
                    .forEach((grpcService, instance) ->
                            claims.merge(grpcService, new Claim(membership.service(), instance), this::better));
        }
        Map<String, Route> routes = new HashMap<>();
        claims.forEach((grpcService, claim) -> routes.put(grpcService, Route.of(claim.service, grpcService)));
        return routes;
    }

    /** Returns the instance of a service with the best claim to each gRPC service. */
    private static Map<String, Instance> best(Service service) {
        Map<String, Instance> best = new HashMap<>();
        for (Instance instance : service.known()) {
            for (String grpcService : instance.registration().grpcServices()) {
                Instance before = best.putIfAbsent(grpcService, instance);
                if (before != null && BY_CLAIM.compare(before, instance) > 0) {
                    best.put(grpcService, instance);
                }
            }
        }
        return best;
    }

    private Claim better(Claim a, Claim b) {
        if (contested.add(Set.of(a.service, b.service))) {
            log.warn("{} and {} serve a gRPC service of the same name: the older one has it", a.service, b.service);
        }
        return BY_CLAIM.compare(a.instance, b.instance) <= 0 ? a : b;
    }
}
