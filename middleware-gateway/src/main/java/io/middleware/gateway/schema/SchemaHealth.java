package io.middleware.gateway.schema;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the gateway can serve calls by JSON: not before the instances that there are at the start have described themselves. An
 * instance that comes later takes nothing away from what is there.
 */
final class SchemaHealth extends AbstractHealthIndicator {
    private final SchemaWatch schemas;
    private volatile boolean begun;

    SchemaHealth(SchemaWatch schemas) {
        this.schemas = schemas;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        begun |= schemas.settled();
        health.status(begun ? "UP" : "OUT_OF_SERVICE")
                .withDetail("services", schemas.schema().grpcServices())
                .withDetail("undescribed", schemas.schema().absences().keySet());
    }
}
