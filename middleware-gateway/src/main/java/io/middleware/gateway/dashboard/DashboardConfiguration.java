package io.middleware.gateway.dashboard;

import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.record.CallListener;
import io.middleware.gateway.ConditionalOnDashboard;
import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.gateway.transport.EventLoops;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** The page, where it may be shown. Elsewhere nothing of it exists. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnDashboard
class DashboardConfiguration {
    @Bean
    Dashboard dashboard(
            GatewayIdentity identity,
            Directory directory,
            OutlierDetector outliers,
            RegistryLookup registry,
            GatewayLinks links,
            Ticker ticker) {
        return new Dashboard(identity.id(), directory, outliers, registry, links, ticker);
    }

    @Bean
    CallListener dashboardTraffic(Dashboard dashboard) {
        return dashboard.traffic();
    }

    @Bean
    Documents dashboardDocuments(Dashboard dashboard, Router router, EventLoops loops, GatewaySettings settings) {
        return DashboardDocuments.of(dashboard, router::serves, loops, settings.describesMethods());
    }

    @Bean
    DrainBegins dashboardDrainBegins(Dashboard dashboard) {
        return new DrainBegins(dashboard);
    }

    @Bean
    DrainEnds dashboardDrainEnds(Dashboard dashboard) {
        return new DrainEnds(dashboard);
    }

    /** Shows that the gateway drains, before others wait for that to be known. */
    record DrainBegins(Dashboard dashboard)
            implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {
        @Override
        public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> readiness) {
            dashboard.draining(readiness.getState() == ReadinessState.REFUSING_TRAFFIC);
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }

    /** Ends the streams of watchers once Nginx knows that the gateway drains, as the server waits for their end. */
    record DrainEnds(Dashboard dashboard)
            implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {
        @Override
        public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> readiness) {
            if (readiness.getState() == ReadinessState.REFUSING_TRAFFIC) {
                dashboard.live().end();
            } else {
                dashboard.live().resume();
            }
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }
    }
}
