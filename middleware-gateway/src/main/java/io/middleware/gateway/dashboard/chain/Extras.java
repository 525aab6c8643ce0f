package io.middleware.gateway.dashboard.chain;

import org.jspecify.annotations.Nullable;

/**
 * What Consul knows of an instance beyond what gateways use.
 *
 * @param heartbeat the age of its last heartbeat, in milliseconds; null if that is not known
 * @param faults    whether it can be made to fail on purpose
 */
public record Extras(@Nullable Long heartbeat, boolean faults) {
    public static final Extras NONE = new Extras(null, false);
}
