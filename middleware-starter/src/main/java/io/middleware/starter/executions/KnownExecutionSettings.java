package io.middleware.starter.executions;

import io.middleware.starter.KnownSettings;
import org.springframework.boot.logging.DeferredLogFactory;

/** The settings that begin with {@code middleware.executions}. */
final class KnownExecutionSettings extends KnownSettings {

    KnownExecutionSettings(DeferredLogFactory logs) {
        super("middleware.executions", ExecutionProperties.class, logs);
    }
}
