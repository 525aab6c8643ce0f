package io.middleware.gateway.dashboard.picture;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import java.util.Locale;

/** The state of an instance as people are shown it, from the best to the worst. */
public enum State {
    PASSING,
    /** A queue there limits its calls in flight. */
    LIMITED,
    /** Back after it failed; one call a second until one succeeds. */
    TRIAL,
    /** The registry has lost it with too many others for that to be believed. */
    UNCONFIRMED,
    /** A check fails. */
    FAILING,
    /** Out of the choice because of what calls saw. */
    EJECTED,
    /** An operator took it out. */
    MAINTENANCE,
    /** No longer registered; its last calls are in flight. */
    DRAINING,
    GONE;

    static State of(Instance instance) {
        RegistryStatus status = instance.status();
        if (status == RegistryStatus.GONE) {
            return instance.inFlight() > 0 ? DRAINING : GONE;
        }
        if (status == RegistryStatus.MAINTENANCE) {
            return MAINTENANCE;
        }
        if (instance.ejected()) {
            return EJECTED;
        }
        if (status == RegistryStatus.FAILING) {
            return FAILING;
        }
        if (status == RegistryStatus.UNCONFIRMED) {
            return UNCONFIRMED;
        }
        if (instance.onTrial()) {
            return TRIAL;
        }
        return instance.limitInForce().isPresent() ? LIMITED : PASSING;
    }

    /** Returns the name as it is written in JSON. */
    public String inJson() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the worse of two states as they are written in JSON. */
    public static String worse(String a, String b) {
        return rank(a) >= rank(b) ? a : b;
    }

    private static int rank(String inJson) {
        try {
            return valueOf(inJson.toUpperCase(Locale.ROOT)).ordinal();
        } catch (IllegalArgumentException ofAnotherVersion) {
            return -1;
        }
    }
}
