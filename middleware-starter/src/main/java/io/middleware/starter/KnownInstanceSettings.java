package io.middleware.starter;

import org.springframework.boot.logging.DeferredLogFactory;

/** The settings that begin with {@code middleware.instance}. */
final class KnownInstanceSettings extends KnownSettings {

    KnownInstanceSettings(DeferredLogFactory logs) {
        super("middleware.instance", InstanceProperties.class, logs);
    }
}
