package io.middleware.starter;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoServiceRegistration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Keeps an instance in Consul while its gRPC server listens and the application accepts traffic.
 *
 * <p>On shutdown it leaves Consul first (readiness ends before anything stops) and keeps serving for the drain delay.
 * Only then does the gRPC server drain, because it waits for the listeners of its shutdown event.
 */
class InstanceLifecycle extends ConsulAutoServiceRegistration {

    private final InstanceRegistration registration;
    private final InstanceProperties instance;
    private final Pause pause;
    private final ApplicationContext application;
    private boolean listening;
    private boolean accepting;
    private boolean joined;
    private @Nullable WarmUp warmUp;

    InstanceLifecycle(
            InstanceRegistry registry,
            InstanceRegistration registration,
            InstanceProperties instance,
            Pause pause,
            AutoServiceRegistrationProperties autoProperties,
            ConsulDiscoveryProperties discovery,
            ApplicationContext context) {
        super(registry, autoProperties, discovery, registration, context);
        this.registration = registration;
        this.instance = instance;
        this.pause = pause;
        this.application = context;
    }

    @EventListener
    synchronized void onServerStarted(GrpcServerStartedEvent event) {
        // an in-process server has no port
        if (event.getPort() > 0) {
            registration.onServerStarted(event.getPort(), services(event.getServer()));
            registration.addMetadata(SchemaDigest.metadata(event.getServer()));
            listening = true;
            warmUp = ServerTls.metadata(application.getEnvironment()).isEmpty()
                    ? new WarmUp(event.getServer(), instance.warmUp())
                    : null;
            start();
        }
    }

    @EventListener
    synchronized void onReadinessChange(AvailabilityChangeEvent<ReadinessState> event) {
        accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
        if (accepting) {
            start();
        } else {
            stop();
        }
    }

    @EventListener
    void onServerShutdown(GrpcServerShutdownEvent event) throws InterruptedException {
        if (event.getServer().getPort() > 0 && leave()) {
            pause.pause(instance.drainDelay());
        }
    }

    /** Leaves Consul for good. Returns whether the instance ever was there. */
    private synchronized boolean leave() {
        listening = false;
        stop();
        return joined;
    }

    /** Joins Consul if the server is ready. The library calls this too, when the web server is up. */
    @Override
    public synchronized void start() {
        if (listening && accepting) {
            registration.addMetadata(MetricsMetadata.of(application));
            registration.addMetadata(FaultMetadata.of(application));
            registration.addMetadata(ServerTls.metadata(application.getEnvironment()));
            application
                    .getBeanProvider(InstanceMetadata.class)
                    .orderedStream()
                    .forEach(more -> registration.addMetadata(more.entries()));
            if (warmUp != null) {
                warmUp.run();
                warmUp = null;
            }
            super.start();
            joined = true;
        }
    }

    @Override
    public synchronized void stop() {
        super.stop();
    }

    private static List<String> services(Server server) {
        return server.getServices().stream()
                .map(ServerServiceDefinition::getServiceDescriptor)
                .map(descriptor -> descriptor.getName())
                .toList();
    }
}
