package io.middleware.starter.idempotency;

import io.middleware.starter.InstanceMetadata;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers {@code idempotency-keys=true}, by which gateways retry calls with a key at other servers. Only if all that
 * this server changes is guarded, and by a database that other servers have in common with it.
 */
final class IdempotencyMetadata implements InstanceMetadata {
    static final String NAME = "idempotency-keys";
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyMetadata.class);

    private final KeyedMethods methods;
    private final EffectLedger ledger;
    private boolean told;

    IdempotencyMetadata(KeyedMethods methods, EffectLedger ledger) {
        this.methods = methods;
        this.ledger = ledger;
    }

    @Override
    public synchronized Map<String, String> entries() {
        if (methods.names().isEmpty()) {
            return Map.of();
        }
        Set<String> without = methods.without();
        boolean common = ledger.isShared();
        boolean registered = without.isEmpty() && common;
        if (!told) {
            told = true;
            if (registered) {
                LOG.info("calls with an Idempotency-Key run once: {}", String.join(", ", methods.names()));
            } else if (!common) {
                LOG.info(
                        "{} is not registered: the database is this server's own, so another server would run a call again",
                        NAME);
            } else {
                LOG.info("{} is not registered: {} would run again", NAME, String.join(", ", without));
            }
        }
        return registered ? Map.of(NAME, "true") : Map.of();
    }
}
