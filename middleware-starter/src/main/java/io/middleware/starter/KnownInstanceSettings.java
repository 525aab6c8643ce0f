package io.middleware.starter;

import org.springframework.boot.logging.DeferredLogFactory;

/** What begins with {@code middleware.instance}. */
final class KnownInstanceSettings extends KnownSettings {

    KnownInstanceSettings(DeferredLogFactory logs) {
        super("middleware.instance", InstanceProperties.class, logs);
    }
}
