package io.middleware.starter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.consul.ConsulClient;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.discovery.ReregistrationPredicate;
import org.springframework.cloud.consul.discovery.TtlScheduler;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.cloud.consul.model.http.health.Check.CheckStatus;
import org.springframework.cloud.consul.serviceregistry.ApplicationStatusProvider;

/**
 * Runs the heartbeat of each registered service, on one thread: {@code interval = ttl * interval-ratio}. Replaces the
 * library's scheduler, which registers only once, so that it needs a Consul at the start, and does not show the time of
 * the last heartbeat.
 */
class HeartbeatScheduler extends TtlScheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatScheduler.class);

    private static final double LEAST_RATIO = 0.1;
    private static final double MOST_RATIO = 0.9;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());
    private final Map<String, ServiceHeartbeat> heartbeats = new ConcurrentHashMap<>();
    private final ServiceHeartbeat.Wiring wiring;
    private final ConsulReachability reachability;

    HeartbeatScheduler(
            HeartbeatProperties heartbeat,
            ConsulDiscoveryProperties discovery,
            ConsulClient consul,
            Supplier<String> token,
            ReregistrationPredicate forgotten,
            ObjectProvider<ApplicationStatusProvider> status,
            ConsulReachability reachability,
            InstantSource clock) {
        super(heartbeat, discovery, consul, forgotten, status);
        this.wiring = new ServiceHeartbeat.Wiring(
                consul,
                token,
                forgotten,
                () -> status.getIfAvailable(() -> () -> CheckStatus.PASSING).currentStatus(),
                interval(heartbeat),
                clock);
        this.reachability = reachability;
    }

    /** @throws IllegalArgumentException if the ratio is out of its range, which the library checks only beside a validator */
    static Duration interval(HeartbeatProperties heartbeat) {
        double ratio = heartbeat.getIntervalRatio();
        if (!(ratio >= LEAST_RATIO && ratio <= MOST_RATIO)) {
            throw new IllegalArgumentException("spring.cloud.consul.discovery.heartbeat.interval-ratio: " + ratio
                    + " (expected: " + LEAST_RATIO + " to " + MOST_RATIO + ")");
        }
        return Duration.ofMillis(Math.round(heartbeat.getTtl().toMillis() * ratio));
    }

    @Override
    public void add(NewService service) {
        add(service, service::getAddress);
    }

    /**
     * Registers the service and keeps it registered. The first attempt is made at once, on the heartbeat's own thread.
     *
     * @param address asked before each heartbeat
     */
    void add(NewService service, Supplier<String> address) {
        ServiceHeartbeat heartbeat = new ServiceHeartbeat(service, address, wiring, reachability);
        ServiceHeartbeat previous = heartbeats.put(service.getId(), heartbeat);
        if (previous != null) {
            previous.stop();
        }
        thread.execute(() -> beat(service.getId(), heartbeat));
    }

    private void beat(String id, ServiceHeartbeat heartbeat) {
        if (heartbeats.get(id) != heartbeat) {
            return;
        }
        Duration next = wiring.interval();
        try {
            next = heartbeat.beat();
        } catch (RuntimeException unexpected) {
            LOG.warn("heartbeat failed: {}", unexpected.toString());
        }
        thread.schedule(() -> beat(id, heartbeat), next.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops the heartbeat. When this returns, no heartbeat is in flight that could register the service again. */
    @Override
    public void remove(String instanceId) {
        super.remove(instanceId);
        ServiceHeartbeat heartbeat = heartbeats.remove(instanceId);
        if (heartbeat != null) {
            heartbeat.stop();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
