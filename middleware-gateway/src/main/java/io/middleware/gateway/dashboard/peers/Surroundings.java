package io.middleware.gateway.dashboard.peers;

import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.dashboard.chain.Extras;
import io.middleware.gateway.dashboard.picture.InstanceView;
import io.middleware.gateway.dashboard.traffic.Attention;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Consul knows of the gateways, and of instances beyond what calls need. Asked on a thread of its own, as long as
 * somebody looks, for heartbeats each second and for lists each third one: a frozen Consul delays nobody else.
 */
public final class Surroundings {
    private static final Logger log = LoggerFactory.getLogger(Surroundings.class);
    private static final long PAUSE_MILLIS = 1_000;
    /** Lists change only when gateways and servers come and go; which of them respond, others than Consul tell. */
    private static final int LISTS_EACH = 3;

    private final RegistryLookup registry;
    private final Attention attention;
    private final Supplier<Collection<String>> services;
    private final InstantSource clock;
    private volatile List<RegistryLookup.Gateway> gateways = List.of();
    private volatile Map<String, Instant> heartbeats = Map.of();
    private volatile List<RegistryLookup.FaultPort> faultPorts = List.of();
    private boolean running;

    /** {@code services}: supplies the names of all services with instances. */
    public Surroundings(
            RegistryLookup registry, Attention attention, Supplier<Collection<String>> services, InstantSource clock) {
        this.registry = registry;
        this.attention = attention;
        this.services = services;
        this.clock = clock;
    }

    /** Called when somebody begins to look. */
    public synchronized void look() {
        if (!running) {
            running = true;
            Thread.ofPlatform()
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .name("dashboard-consul")
                    .start(this::ask);
        }
    }

    private void ask() {
        try {
            for (int round = 0; goesOn(); round++) {
                try {
                    if (round % LISTS_EACH == 0) {
                        gateways = registry.gateways();
                        faultPorts = faultPorts();
                    }
                    heartbeats = registry.heartbeats();
                } catch (IOException | RuntimeException failed) {
                    // the last known ones stay; the picture says anyway that Consul does not respond
                    log.debug("Consul does not say what the page shows: {}", failed.toString());
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean goesOn() {
        running = attention.isPaid();
        if (!running) {
            heartbeats = Map.of();
        }
        return running;
    }

    private List<RegistryLookup.FaultPort> faultPorts() throws IOException, InterruptedException {
        List<RegistryLookup.FaultPort> ports = new ArrayList<>();
        for (String service : services.get()) {
            ports.addAll(registry.faultPorts(service));
        }
        return List.copyOf(ports);
    }

    public List<RegistryLookup.Gateway> gateways() {
        return gateways;
    }

    /** Returns where an instance takes orders to fail; empty if it takes none. */
    public Optional<RegistryLookup.FaultPort> faultPort(String host, int port) {
        return faultPorts.stream()
                .filter(each -> each.servicePort() == port && each.host().equals(host))
                .findFirst();
    }

    /** Returns what is known of an instance. */
    public Extras of(InstanceView view) {
        Instant beat = heartbeats.get(view.id());
        return new Extras(
                beat == null ? null : Math.max(0, clock.millis() - beat.toEpochMilli()),
                faultPort(view.host(), view.port()).isPresent());
    }
}
