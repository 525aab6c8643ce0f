package io.middleware.starter.exposure;

import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Checks at the start which ports are open to the network. */
@AutoConfiguration
final class ExposureAutoConfiguration {

    @Bean
    ExposureCheck exposureCheck(Environment environment, ObjectProvider<ListeningPorts> ports) {
        return new ExposureCheck(
                environment.getProperty(ExposureCheck.REQUIRED, Boolean.class, false),
                () -> ports.orderedStream()
                        .map(ListeningPorts::list)
                        .flatMap(List::stream)
                        .toList());
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "middleware.instance.enabled", matchIfMissing = true)
    ListeningPorts instancePort(Environment environment) {
        return new InstancePort(environment);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
    ListeningPorts managementPort(Environment environment, ListableBeanFactory beans) {
        return new ManagementPort(environment, beans);
    }
}
