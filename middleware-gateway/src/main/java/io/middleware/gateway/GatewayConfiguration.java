package io.middleware.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.middleware.core.Settings;
import io.middleware.core.StickyKeys;
import io.middleware.core.Ticker;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Instance;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.TraceSource;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.balancer.GatewayInstance;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.stale.StaleConfigCheck;
import io.middleware.gateway.stale.StaleResponseCache;
import io.middleware.gateway.stale.StaleSettings;
import io.middleware.gateway.sticky.RequestKeys;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import io.middleware.gateway.transport.InstanceTls;
import io.middleware.starter.MachineAddress;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** Creates the core, the transport below it and the event loops that both run on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewaySettings.class)
class GatewayConfiguration {
    /** How long a connection that a burst of calls needed is kept for the next burst. */
    private static final Duration IDLE_CONNECTIONS = Duration.ofSeconds(10);

    @Bean
    GatewayIdentity gatewayIdentity(
            GatewaySettings settings,
            ServerProperties server,
            MachineAddress machine,
            @Value("${server.port}") int httpPort) {
        return GatewayIdentity.of(settings, server.getAddress(), machine, httpPort);
    }

    @Bean
    CallReport callReport(GatewayIdentity identity, GatewaySettings settings) {
        return new CallReport(identity.id(), settings.errors().details());
    }

    @Bean
    Cors cors(GatewaySettings settings) {
        return Cors.of(settings.http().allowedOrigins());
    }

    @Bean
    Ticker ticker() {
        return Ticker.system();
    }

    @Bean
    Settings callSettings(GatewaySettings settings) {
        return settings.calls().toCore();
    }

    @Bean
    EventLoops eventLoops() {
        return new EventLoops(Runtime.getRuntime().availableProcessors());
    }

    /** Runs Reactor Netty on the same event loops, so that a call over HTTP stays on its caller's. */
    @Bean
    ReactorResourceFactory reactorResourceFactory(EventLoops loops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(useNative -> loops.group());
        return resources;
    }

    @Bean
    Http2Transport transport(EventLoops loops, GatewaySettings settings, InstanceTls tls) {
        return new Http2Transport(
                loops,
                new ConnectionOptions(
                        settings.connections().connectTimeout(),
                        settings.connections().perInstance(),
                        IDLE_CONNECTIONS,
                        tls));
    }

    @Bean
    Directory directory(
            Directory.BalancerFactory balancers,
            Http2Transport transport,
            OutlierDetector outliers,
            Settings settings,
            Ticker ticker) {
        Directory directory = new Directory(balancers, GatewayInstance::new, settings, ticker);
        directory.listen(outliers::onInstanceChange);
        directory.listen(change -> {
            if (change.kind() == InstanceChange.Kind.GONE) {
                transport.retire(change.instance());
            }
        });
        directory.listenToUse((service, instance, inUse) -> {
            if (!inUse) {
                transport.retire(instance);
            }
        });
        return directory;
    }

    @Bean
    ApplicationListener<MachineMoved> connectAnew(Directory directory, Http2Transport transport) {
        return moved -> directory
                .services()
                .forEach(service ->
                        service.known().stream().filter(Instance::inUse).forEach(transport::retire));
    }

    @Bean
    OutlierDetector outliers(Http2Transport transport, EventLoops loops, Settings settings, Ticker ticker) {
        OutlierDetector outliers =
                new OutlierDetector(transport, EventLoops.timers(loops.group().next()), ticker, settings);
        transport.whenBroken(outliers::connectionBroke);
        return outliers;
    }

    @Bean
    StickyKeys stickyKeys(Directory directory, SchemaWatch schemas) {
        return RequestKeys.of(directory, schemas);
    }

    @Bean
    Failover failover(
            Directory directory,
            Http2Transport transport,
            OutlierDetector outliers,
            Settings settings,
            Ticker ticker,
            StickyKeys stickyKeys,
            GatewaySettings gateway,
            MeterRegistry meters,
            ObjectProvider<CallListener> listeners,
            ObjectProvider<TraceSource> traces) {
        StaleSettings stale = gateway.calls().stale();
        return new Failover(
                directory,
                transport,
                outliers,
                settings,
                ticker,
                stickyKeys,
                stale.enabled() ? lastGoodAnswers(stale, ticker, meters) : null,
                CallListener.of(listeners.orderedStream().toList()),
                traces.getIfAvailable());
    }

    private static StaleResponses lastGoodAnswers(StaleSettings stale, Ticker ticker, MeterRegistry meters) {
        StaleResponseCache cache = new StaleResponseCache(
                stale.total().toBytes(), stale.perAnswer().toBytes(), stale.longestAge(), ticker);
        Gauge.builder("middleware.stale.held", cache, StaleResponseCache::heldBytes)
                .baseUnit("bytes")
                .description("What last good answers and their questions take")
                .register(meters);
        return new StaleResponses(stale.policy(), cache, ticker);
    }

    @Bean
    SmartInitializingSingleton staleConfigCheck(GatewaySettings gateway, Directory directory, SchemaWatch schemas) {
        StaleSettings stale = gateway.calls().stale();
        return () -> {
            if (stale.enabled()) {
                schemas.listen(new StaleConfigCheck(stale.policy(), directory));
            }
        };
    }
}
