package io.middleware.gateway.ingress.local;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All callers who watch a status. One task, five times a second, compares what each has with what is: a watch costs
 * neither a timer nor a listener.
 */
final class HealthWatches {
    private final ServiceStatuses statuses;
    private final Set<HealthWatch> watches = ConcurrentHashMap.newKeySet();

    HealthWatches(ServiceStatuses statuses) {
        this.statuses = statuses;
    }

    /** Starts a call of the method {@code Watch}. */
    LocalMethod start(LocalCall call) {
        return new Method(call);
    }

    /** Updates the callers who have another status than there is. */
    void refresh() {
        if (watches.isEmpty()) {
            return;
        }
        Map<String, ServingStatus> current = new HashMap<>();
        for (HealthWatch watch : watches) {
            if (watch.misses(current.computeIfAbsent(watch.service(), this::status))) {
                watch.updateSoon();
            }
        }
    }

    private ServingStatus status(String service) {
        ServingStatus status = statuses.of(service);
        return status == null ? ServingStatus.SERVICE_UNKNOWN : status;
    }

    int size() {
        return watches.size();
    }

    /** A call of {@code Watch}. */
    private final class Method implements LocalMethod {
        private final UnaryMethod<HealthCheckRequest> request;
        private @Nullable HealthWatch watch;

        Method(LocalCall call) {
            request = new UnaryMethod<>(call, HealthCheckRequest.parser(), (message, same) -> {
                watch = new HealthWatch(same, message.getService(), statuses);
                watches.add(watch);
                watch.update();
            });
        }

        @Override
        public void onRequest(byte[] message) throws InvalidProtocolBufferException {
            request.onRequest(message);
        }

        @Override
        public void onComplete() {
            request.onComplete();
        }

        @Override
        public void onWanted() {
            if (watch != null) {
                watch.update();
            }
        }

        @Override
        public void onEnd() {
            if (watch != null) {
                watches.remove(watch);
            }
        }
    }
}
