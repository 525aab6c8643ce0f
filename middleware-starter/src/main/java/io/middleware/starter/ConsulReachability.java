package io.middleware.starter;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether heartbeats reach Consul. Logs each change once, and other reasons: the first at once, as an outage often begins with a broken
 * connection and only the next try says why, later ones at most once a minute. One thread writes, any may read.
 */
final class ConsulReachability {

    private static final Logger LOG = LoggerFactory.getLogger(ConsulReachability.class);

    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final String consul;
    private final InstantSource clock;
    private final List<HeartbeatListener> listeners;
    private volatile @Nullable Instant awaySince;
    private volatile String reason = "";
    private String toldReason = "";
    private Instant toldAt = Instant.MIN;

    ConsulReachability(String consul, InstantSource clock, List<HeartbeatListener> listeners) {
        this.consul = consul;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
    }

    void onFailure(String why) {
        reason = why;
        Instant now = clock.instant();
        if (awaySince == null) {
            awaySince = now;
            told(why, Instant.MIN);
            LOG.warn("no heartbeat reaches Consul at {}, still serving: {}", consul, why);
        } else if (!why.equals(toldReason) && now.isAfter(toldAt.plus(BETWEEN_LINES))) {
            told(why, now);
            LOG.warn("still no heartbeat reaches Consul at {}, now for another reason: {}", consul, why);
        }
        listeners.forEach(listener -> listener.onFailure(why));
    }

    private void told(String why, Instant now) {
        toldReason = why;
        toldAt = now;
    }

    void onSuccess() {
        if (awaySince != null) {
            Duration lasted = Duration.between(awaySince, clock.instant());
            LOG.info("heartbeats reach Consul at {} again, after {} ms", consul, lasted.toMillis());
            awaySince = null;
        }
        listeners.forEach(HeartbeatListener::onSuccess);
    }

    /** Returns for how long Consul is away; zero while it is not. */
    Duration age() {
        Instant since = awaySince;
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    /** Returns since when Consul is away; empty while it is not. */
    Optional<Instant> awaySince() {
        return Optional.ofNullable(awaySince);
    }

    /** Returns why no heartbeat reaches Consul, for a person; empty while they do. */
    Optional<String> problem() {
        return awaySince == null ? Optional.empty() : Optional.of(reason);
    }
}
