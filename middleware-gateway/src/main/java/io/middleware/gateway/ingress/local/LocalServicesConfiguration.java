package io.middleware.gateway.ingress.local;

import io.middleware.core.CallHandler;
import io.middleware.core.Ticker;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.reflection.CatalogWatch;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.transport.EventLoops;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class LocalServicesConfiguration {
    private static final Logger log = LoggerFactory.getLogger(LocalServicesConfiguration.class);
    private static final long REFRESH_MILLIS = 200;

    @Bean(initMethod = "start")
    CatalogWatch catalogWatch(Directory directory, SchemaWatch schemas) {
        return new CatalogWatch(directory, schemas::schema);
    }

    @Bean
    GatewayReadiness gatewayReadiness(Directory directory, SchemaWatch schemas) {
        return new GatewayReadiness(directory, schemas);
    }

    @Bean
    LocalServices localServices(
            Failover failover,
            Directory directory,
            CatalogWatch catalogs,
            GatewayReadiness readiness,
            EventLoops loops,
            Ticker ticker) {
        LocalServices services = new LocalServices(failover, directory, catalogs::catalog, readiness, ticker);
        loops.background()
                .scheduleWithFixedDelay(() -> refresh(services), REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
        return services;
    }

    /** What all calls pass through; documents as well. */
    @Bean
    CallGate callGate(ObjectProvider<CallGate.Part> parts) {
        return CallGate.of(parts.orderedStream().toList());
    }

    /** The handler of all calls: the ingresses get it. */
    @Bean
    @Primary
    CallHandler calls(CallGate gate, LocalServices services) {
        return gate.around(services);
    }

    private static void refresh(LocalServices services) {
        try {
            services.refresh();
        } catch (RuntimeException e) {
            log.error("callers who watch a status may miss a change", e);
        }
    }

    @Bean
    ApplicationListener<AvailabilityChangeEvent<ReadinessState>> localServicesDrain(
            GatewayReadiness readiness, LocalServices services) {
        return new Drain(readiness, services);
    }

    /** Runs before the listeners that wait until others know that this gateway is draining. */
    private record Drain(GatewayReadiness readiness, LocalServices services)
            implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {
        @Override
        public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
            readiness.set(event.getState());
            if (event.getState() == ReadinessState.REFUSING_TRAFFIC) {
                services.drain();
            }
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }
}
