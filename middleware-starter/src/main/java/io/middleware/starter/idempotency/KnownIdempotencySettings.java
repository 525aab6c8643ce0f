package io.middleware.starter.idempotency;

import io.middleware.starter.KnownSettings;
import org.springframework.boot.logging.DeferredLogFactory;

/** The settings that begin with {@code middleware.idempotency}. */
final class KnownIdempotencySettings extends KnownSettings {

    KnownIdempotencySettings(DeferredLogFactory logs) {
        super("middleware.idempotency", IdempotencyProperties.class, logs);
    }
}
