package io.middleware.gateway.ingress.http.route;

import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.core.instance.Instance;
import java.util.List;
import java.util.function.ToIntFunction;

/** Ranks gRPC services by their best instances, to choose between services that map the same path. */
record ServiceRanks(Directory directory) implements ToIntFunction<String> {
    private static final int NO_INSTANCE = 5;

    /**
     * Returns 0 if an instance is confirmed and not ejected, more for a lower tier of the best one, most if there is
     * none.
     */
    @Override
    public int applyAsInt(String grpcService) {
        Route route = directory.routes().get(grpcService);
        List<Instance> best = route == null ? List.of() : route.candidates().best(List.of());
        if (best.isEmpty()) {
            return NO_INSTANCE;
        }
        Instance one = best.getFirst();
        return switch (one.status()) {
            case PASSING -> one.ejected() ? 2 : 0;
            case UNCONFIRMED -> one.ejected() ? 3 : 1;
            case FAILING -> 4;
            case MAINTENANCE, GONE -> NO_INSTANCE;
        };
    }
}
