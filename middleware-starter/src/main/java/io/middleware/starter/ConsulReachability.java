package io.middleware.starter;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Consul can be reached, and one line in the log when that changes. One thread writes, any may read. */
final class ConsulReachability {

    private static final Logger LOG = LoggerFactory.getLogger(ConsulReachability.class);

    private final String consul;
    private final InstantSource clock;
    private final List<HeartbeatListener> listeners;
    private volatile Instant began;

    ConsulReachability(String consul, InstantSource clock, List<HeartbeatListener> listeners) {
        this.consul = consul;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
    }

    void onFailure(String reason) {
        if (began == null) {
            began = clock.instant();
            LOG.warn("no heartbeat reaches Consul at {}, serving on without it: {}", consul, reason);
        }
        listeners.forEach(listener -> listener.onFailure(reason));
    }

    void onSuccess() {
        if (began != null) {
            Duration lasted = Duration.between(began, clock.instant());
            LOG.info("heartbeats reach Consul at {} again, after {} ms", consul, lasted.toMillis());
            began = null;
        }
        listeners.forEach(HeartbeatListener::onSuccess);
    }

    /** When it began; empty when there is none. */
    Optional<Instant> since() {
        return Optional.ofNullable(began);
    }
}
