package io.middleware.gateway.security;

import io.middleware.starter.KnownSettings;
import org.springframework.boot.logging.DeferredLogFactory;

/** What begins with {@code middleware.security}: a gateway whose rules are misspelt would be open to all. */
final class KnownSecuritySettings extends KnownSettings {
    KnownSecuritySettings(DeferredLogFactory logs) {
        super(
                "middleware.security",
                SecuritySettings.class,
                logs,
                "middleware.security.required",
                "middleware.security.limits.callers");
    }
}
