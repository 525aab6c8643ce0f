package io.middleware.gateway.schema;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up once the gateway can serve JSON calls: when the instances known at the start have described themselves. An
 * instance that comes later does not make the gateway unready.
 */
final class SchemaHealth extends AbstractHealthIndicator {
    private final SchemaWatch schemas;
    private volatile boolean ready;

    SchemaHealth(SchemaWatch schemas) {
        this.schemas = schemas;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        ready |= schemas.settled();
        health.status(ready ? "UP" : "OUT_OF_SERVICE")
                .withDetail("services", schemas.schema().grpcServices())
                .withDetail("undescribed", schemas.schema().absences().keySet());
    }
}
