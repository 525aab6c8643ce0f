package io.middleware.gateway.accesslog;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.GatewaySettings;
import java.io.PrintStream;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Writes the access log, if {@code middleware.gateway.access-log.enabled} is true. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("middleware.gateway.access-log.enabled")
class AccessLogConfiguration {
    @Bean
    AccessLog accessLog(GatewayIdentity identity, GatewaySettings gateway, MeterRegistry meters) {
        GatewaySettings.AccessLog settings = gateway.accessLog();
        String file = settings.file();
        // among the lines of the gateway's own log, each of which is written at once, too
        PrintStream output = System.out;
        AccessLog log = new AccessLog(
                identity.id(), settings.oneIn(), file == null ? output::write : new LogFile(Path.of(file)));
        FunctionCounter.builder("middleware.access.log.lost", log, AccessLog::lost)
                .baseUnit("lines")
                .description("Lines of the access log that could not be written in time")
                .register(meters);
        return log.start();
    }
}
