package io.middleware.starter.fault;

import io.middleware.starter.exposure.ListeningPorts;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** Faults on purpose, if they are enabled. */
@AutoConfiguration
@ConditionalOnBooleanProperty("middleware.faults.enabled")
@EnableConfigurationProperties(FaultProperties.class)
final class FaultAutoConfiguration {
    /** Boot's observation of calls has order 0; faults come after it, so that they show in metrics and traces. */
    private static final int AFTER_OBSERVATION = 1;

    @Bean
    @GlobalServerInterceptor
    @Order(AFTER_OBSERVATION)
    FaultInterceptor faultInterceptor() {
        return new FaultInterceptor(Thread::sleep, RandomGenerator.getDefault());
    }

    @Bean
    FaultRule faultRule(Environment environment, FaultProperties settings, List<ListeningPorts> ports) {
        return new FaultRule(
                environment.getProperty("middleware.security.required", Boolean.class, false), settings, ports);
    }

    @Bean
    FaultEndpoint faultEndpoint(FaultInterceptor interceptor) {
        return new FaultEndpoint(interceptor);
    }
}
