package io.middleware.gateway.ingress.local;

import io.middleware.core.directory.Directory;
import io.middleware.gateway.schema.SchemaWatch;
import java.util.function.BooleanSupplier;
import org.springframework.boot.availability.ReadinessState;

/** Whether the gateway wants calls: as its readiness at the management port says. */
final class GatewayReadiness implements BooleanSupplier {
    private final Directory directory;
    private final SchemaWatch schemas;
    private volatile boolean accepting;
    private volatile boolean described;

    GatewayReadiness(Directory directory, SchemaWatch schemas) {
        this.directory = directory;
        this.schemas = schemas;
    }

    void set(ReadinessState state) {
        accepting = state == ReadinessState.ACCEPTING_TRAFFIC;
    }

    @Override
    public boolean getAsBoolean() {
        // once is enough, as instances that come later do not make the gateway unready
        if (!described && schemas.settled()) {
            described = true;
        }
        return accepting && described && directory.loaded();
    }
}
