package io.middleware.gateway.ingress.local;

import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.middleware.gateway.schema.MessageFrames;
import org.jspecify.annotations.Nullable;

/**
 * A caller who watches the status of one service. While he takes no responses nothing is kept for him but the status
 * that he got last; then he gets the current one. Confined to the call's thread, except {@link #misses}.
 */
final class HealthWatch {
    private final LocalCall call;
    private final String service;
    private final ServiceStatuses statuses;
    private volatile @Nullable ServingStatus sent;
    private volatile boolean waiting;

    HealthWatch(LocalCall call, String service, ServiceStatuses statuses) {
        this.call = call;
        this.service = service;
        this.statuses = statuses;
    }

    String service() {
        return service;
    }

    /** Returns whether the caller should get this status: he has another, and takes responses. Any thread may ask. */
    boolean misses(ServingStatus status) {
        return sent != status && !waiting;
    }

    /** Updates the caller soon. Any thread may call this. */
    void updateSoon() {
        call.run(this::update);
    }

    /** Sends the current status, unless the caller has it. */
    void update() {
        ServingStatus known = statuses.of(service);
        ServingStatus status = known == null ? ServingStatus.SERVICE_UNKNOWN : known;
        waiting = !call.wanted();
        if (!waiting && status != sent) {
            sent = status;
            call.respond(MessageFrames.frame(
                    HealthCheckResponse.newBuilder().setStatus(status).build()));
        }
    }
}
