package io.middleware.gateway.ingress.local;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.gateway.schema.OwnServices;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Which gRPC services can respond, as the gateway sees it at the moment. */
final class ServiceStatuses {
    /** The name of the gateway as a whole. */
    private static final String GATEWAY = "";

    private final Directory directory;
    private final BooleanSupplier ready;

    /** {@code ready}: whether the gateway wants calls. */
    ServiceStatuses(Directory directory, BooleanSupplier ready) {
        this.directory = directory;
        this.ready = ready;
    }

    /** Returns the status of a gRPC service, or of the gateway if the name is empty; null if there is no such one. */
    @Nullable
    ServingStatus of(String grpcService) {
        if (grpcService.equals(GATEWAY) || OwnServices.files().containsKey(grpcService)) {
            return status(ready.getAsBoolean());
        }
        Route route = directory.route(grpcService);
        return route == null ? null : status(route.candidates().ready());
    }

    /** Returns all statuses by name. */
    Map<String, ServingStatus> all() {
        Map<String, ServingStatus> all = new TreeMap<>();
        directory
                .routes()
                .forEach(
                        (name, route) -> all.put(name, status(route.candidates().ready())));
        ServingStatus own = status(ready.getAsBoolean());
        all.put(GATEWAY, own);
        OwnServices.files().keySet().forEach(name -> all.put(name, own));
        return all;
    }

    private static ServingStatus status(boolean serving) {
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }
}
