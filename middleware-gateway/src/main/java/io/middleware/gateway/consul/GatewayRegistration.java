package io.middleware.gateway.consul;

import static org.springframework.boot.web.server.context.WebServerApplicationContext.hasServerNamespace;

import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.GrpcServerInitialized;
import io.middleware.gateway.MachineMoved;
import io.middleware.starter.AddressAware;
import io.middleware.starter.NotedCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;

/**
 * Registers this gateway in Consul while it is ready. On shutdown it leaves Consul first and keeps serving for the
 * drain delay. Only then do the servers drain: whatever stops them waits for this listener.
 */
final class GatewayRegistration implements ApplicationListener<ApplicationEvent> {
    static final String SERVICE = "middleware-gateway";
    static final String GRPC_PORT = "grpc-port";

    private final ServiceRegistry<ConsulRegistration> registry;
    private final ConsulDiscoveryProperties discovery;
    private final HeartbeatProperties heartbeat;
    private final GatewayIdentity identity;
    private final Duration drainDelay;
    private final ApplicationEventPublisher events;
    private final boolean listed;
    private final Supplier<Map<String, String>> metrics;
    private int httpPort;
    private int grpcPort;
    private @Nullable ConsulRegistration registered;

    /**
     * Creates one.
     *
     * @param listed  false for a gateway that stays out of Consul
     * @param metrics the metadata that says where its metrics are, known when its web servers have started
     */
    GatewayRegistration(
            ServiceRegistry<ConsulRegistration> registry,
            ConsulDiscoveryProperties discovery,
            HeartbeatProperties heartbeat,
            GatewayIdentity identity,
            Duration drainDelay,
            ApplicationEventPublisher events,
            boolean listed,
            Supplier<Map<String, String>> metrics) {
        this.registry = registry;
        this.discovery = discovery;
        this.heartbeat = heartbeat;
        this.identity = identity;
        this.drainDelay = drainDelay;
        this.events = events;
        this.listed = listed;
        this.metrics = metrics;
    }

    // not @EventListener: it looks the bean up again, which fails when the start failed and the management context
    // closes last
    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        switch (event) {
            case WebServerInitializedEvent http
            when !hasServerNamespace(http.getApplicationContext(), "management") ->
                httpPort = http.getWebServer().getPort();
            case GrpcServerInitialized grpc -> grpcPort = grpc.port();
            case AvailabilityChangeEvent<?> change when change.getState() == ReadinessState.ACCEPTING_TRAFFIC -> join();
            case AvailabilityChangeEvent<?> change when change.getState() == ReadinessState.REFUSING_TRAFFIC -> leave();
            default -> {}
        }
    }

    private synchronized void join() {
        if (registered == null && listed) {
            registered = new OwnRegistration(service());
            registry.register(registered);
        }
    }

    private synchronized void leave() {
        if (registered == null) {
            return;
        }
        registry.deregister(registered);
        registered = null;
        try {
            Thread.sleep(drainDelay);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private NewService service() {
        NewService.Check check = new NewService.Check();
        check.setTtl(heartbeat.getTtl().toSeconds() + "s");
        // otherwise the check is critical until the first heartbeat
        check.setStatus("passing");
        check.setDeregisterCriticalServiceAfter(discovery.getHealthCheckCriticalTimeout());
        NewService service = new NewService();
        service.setName(SERVICE);
        service.setId(identity.id());
        service.setAddress(identity.address().now(identity.host()));
        service.setPort(httpPort);
        service.setTags(List.of());
        Map<String, String> metadata = new HashMap<>(metrics.get());
        metadata.put(GRPC_PORT, Integer.toString(grpcPort));
        service.setMeta(metadata);
        service.setCheck(new NotedCheck(check, heartbeat));
        return service;
    }

    private final class OwnRegistration extends ConsulRegistration implements AddressAware {
        OwnRegistration(NewService service) {
            super(service, discovery);
        }

        @Override
        public String currentAddress() {
            String before = getService().getAddress();
            String now = identity.address().now(before);
            if (!now.equals(before)) {
                events.publishEvent(new MachineMoved(this));
            }
            return now;
        }
    }
}
