package io.middleware.core.directory;

import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.RegistryStatus;

/**
 * How an instance stood when a snapshot was made. Read once, so that a change by another thread does not let it fall between two
 * tiers.
 *
 * @param status what the registry says
 * @param health what attempts and probes have shown
 */
public record Standing(Instance instance, RegistryStatus status, Health health) {
    static final int NO_TIER = -1;
    static final int POOLS = Pool.values().length;
    static final int EJECTED = 2 * POOLS;
    static final int FAILING = 2 * EJECTED;

    static Standing of(Instance instance) {
        return new Standing(instance, instance.status(), instance.health());
    }

    public boolean ejected() {
        return health instanceof Health.Ejected;
    }

    /** Returns the number of its tier: a lower one is preferred. Negative for none. */
    int tier() {
        int pool = instance.pool().ordinal() + (ejected() ? EJECTED : 0);
        return switch (status) {
            case PASSING -> pool;
            case UNCONFIRMED -> POOLS + pool;
            case FAILING -> FAILING;
            case MAINTENANCE, GONE -> NO_TIER;
        };
    }
}
