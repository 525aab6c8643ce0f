package io.middleware.gateway.security;

import io.middleware.gateway.security.identity.ApiKeys;
import io.middleware.gateway.security.jwt.KeySource;
import io.middleware.gateway.security.rules.Rules;
import io.middleware.gateway.security.watched.WatchedFile;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where rules and keys come from; each null where it is not configured. {@code background}: reads them. */
record SecuritySources(
        @Nullable WatchedFile<Rules> rules,
        @Nullable WatchedFile<ApiKeys> keys,
        @Nullable ConsulKeys consulKeys,
        @Nullable KeySource tokenKeys,
        ScheduledExecutorService background) {
    private static final Logger log = LoggerFactory.getLogger(SecuritySources.class);

    /** Takes changes of files. */
    void refresh() {
        try {
            if (rules != null) {
                rules.refresh();
            }
            if (keys != null) {
                keys.refresh();
            }
        } catch (RuntimeException e) {
            log.error("changes of rules and keys may not be taken", e);
        }
    }

    /** Returns the keys from everywhere; null if none are taken. */
    @Nullable
    Supplier<ApiKeys> allKeys() {
        return keys == null ? consulKeys : consulKeys == null ? keys : new BothKeys(keys, consulKeys);
    }

    void close() {
        background.shutdownNow();
        if (consulKeys != null) {
            consulKeys.close();
        }
    }
}
