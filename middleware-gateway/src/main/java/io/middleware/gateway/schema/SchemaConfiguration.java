package io.middleware.gateway.schema;

import io.middleware.core.directory.Directory;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class SchemaConfiguration {

    @Bean(initMethod = "start")
    SchemaWatch schemaWatch(Directory directory, Http2Transport transport, EventLoops loops) {
        return new SchemaWatch(directory, transport, loops, OwnServices.methods());
    }

    /** Named {@code schema} in the health groups. */
    @Bean
    SchemaHealth schemaHealthIndicator(SchemaWatch schemas) {
        return new SchemaHealth(schemas);
    }
}
