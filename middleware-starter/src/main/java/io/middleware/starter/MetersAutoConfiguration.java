package io.middleware.starter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.annotation.Bean;

/** The meters that servers and gateways have in common. */
@AutoConfiguration
final class MetersAutoConfiguration {

    @Bean
    HealthMeters healthMeters(ObjectProvider<HealthEndpoint> health, ObjectProvider<ConsulReachability> reachability) {
        return new HealthMeters(health, reachability);
    }
}
