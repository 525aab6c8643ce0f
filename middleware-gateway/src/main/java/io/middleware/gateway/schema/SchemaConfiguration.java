package io.middleware.gateway.schema;

import io.middleware.core.directory.Directory;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class SchemaConfiguration {

    @Bean(initMethod = "start")
    SchemaWatch schemaWatch(Directory directory, Http2Transport transport, EventLoops loops, OutlierDetector outliers) {
        SchemaWatch schemas = new SchemaWatch(directory, transport, loops, OwnServices.methods());
        outliers.describeWith(schemas::describe);
        return schemas;
    }

    /** Named {@code schema} in the health groups. */
    @Bean
    SchemaHealth schemaHealthIndicator(SchemaWatch schemas) {
        return new SchemaHealth(schemas);
    }
}
