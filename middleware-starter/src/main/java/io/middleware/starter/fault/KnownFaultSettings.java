package io.middleware.starter.fault;

import io.middleware.starter.KnownSettings;
import org.springframework.boot.logging.DeferredLogFactory;

/** The settings that begin with {@code middleware.faults}. */
final class KnownFaultSettings extends KnownSettings {

    KnownFaultSettings(DeferredLogFactory logs) {
        super("middleware.faults", FaultProperties.class, logs);
    }
}
