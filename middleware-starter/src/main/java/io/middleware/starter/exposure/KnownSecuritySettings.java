package io.middleware.starter.exposure;

import io.middleware.starter.KnownSettings;
import java.util.Map;
import org.springframework.boot.logging.DeferredLogFactory;

/**
 * The settings that begin with {@code middleware.security}: a server for which security is required in a misspelt word would start
 * without. The gateway's own are known, too, as both may read one file.
 */
final class KnownSecuritySettings extends KnownSettings {

    /** What is read here, and below what the gateway has more; it checks those itself. */
    private record Names(
            boolean required,
            String rules,
            Map<String, String> keys,
            Map<String, String> jwt,
            Map<String, String> mtls,
            Map<String, String> limits) {}

    KnownSecuritySettings(DeferredLogFactory logs) {
        super("middleware.security", Names.class, logs);
    }
}
