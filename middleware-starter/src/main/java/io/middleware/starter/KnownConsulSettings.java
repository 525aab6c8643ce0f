package io.middleware.starter;

import org.springframework.boot.logging.DeferredLogFactory;

/** The settings that begin with {@code middleware.consul}. */
final class KnownConsulSettings extends KnownSettings {

    KnownConsulSettings(DeferredLogFactory logs) {
        super("middleware.consul", ConsulTokenProperties.class, logs);
    }
}
