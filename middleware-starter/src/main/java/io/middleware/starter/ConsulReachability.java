package io.middleware.starter;

import io.middleware.starter.outage.OutageReasons;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether heartbeats reach Consul. Logs each change once, and other reasons by {@link OutageReasons}. One thread writes, any may read.
 */
final class ConsulReachability {

    private static final Logger LOG = LoggerFactory.getLogger(ConsulReachability.class);

    private final String consul;
    private final InstantSource clock;
    private final List<HeartbeatListener> listeners;
    private final OutageReasons reasons = new OutageReasons();
    private volatile @Nullable Instant awaySince;
    private volatile String reason = "";

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
            reasons.begin(why);
            LOG.warn("no heartbeat reaches Consul at {}, still serving: {}", consul, why);
        } else if (reasons.deservesLine(why, TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli()))) {
            LOG.warn("still no heartbeat reaches Consul at {}, now for another reason: {}", consul, why);
        }
        listeners.forEach(listener -> listener.onFailure(why));
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
