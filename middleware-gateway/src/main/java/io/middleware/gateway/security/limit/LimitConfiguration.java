package io.middleware.gateway.security.limit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallListener;
import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.consul.RegistryLookup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates what keeps the limits of the rules, where there are rules. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("middleware.security.rules")
@EnableConfigurationProperties(LimitSettings.class)
class LimitConfiguration {
    @Bean
    GatewayCount gatewayCount(GatewayIdentity identity, Ticker ticker) {
        return new GatewayCount(identity.id(), ticker);
    }

    @Bean
    GatewayPoll gatewayPoll(RegistryLookup registry, GatewayCount count) {
        return new GatewayPoll(registry, count);
    }

    @Bean
    Limiter limiter(
            LimitSettings settings,
            GatewayCount gateways,
            Ticker ticker,
            MeterRegistry meters,
            ObjectProvider<CallListener> listeners) {
        return new Limiter(
                settings.callers(),
                gateways::get,
                ticker,
                meters,
                CallListener.of(listeners.orderedStream().toList()));
    }

    @Bean
    MeterBinder limitMeters(Limiter limiter, GatewayCount gateways) {
        return meters -> {
            Gauge.builder("middleware.security.limits.callers", limiter, Limiter::kept)
                    .baseUnit("allowances")
                    .description("Allowances that are kept, one of each caller and rule")
                    .register(meters);
            Gauge.builder("middleware.security.limits.gateways", gateways, GatewayCount::get)
                    .baseUnit("gateways")
                    .description("Gateways that share the limits, as this one knows")
                    .register(meters);
            FunctionCounter.builder("middleware.security.limits.overflow", limiter, Limiter::overflown)
                    .baseUnit("calls")
                    .description("Calls whose caller had to share an allowance, as there was no room for its own")
                    .register(meters);
        };
    }
}
