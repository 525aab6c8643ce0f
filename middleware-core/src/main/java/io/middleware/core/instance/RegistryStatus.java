package io.middleware.core.instance;

/** What this gateway makes of the registry's statements about an instance, declared from the best to the worst. */
public enum RegistryStatus {
    /** Its checks pass. */
    PASSING,
    /** Lost from a registry response that lost too many at once: tried after all that pass, for up to a minute. */
    UNCONFIRMED,
    /** Registered, but a check fails: tried only when there is nothing better. */
    FAILING,
    /** Registered, and taken out of service by an operator: not tried. */
    MAINTENANCE,
    /** No longer registered. */
    GONE;

    /** Returns whether the registry gives no reason against calling an instance. */
    boolean isUsable() {
        return this == PASSING || this == UNCONFIRMED;
    }
}
