package io.middleware.gateway.meters;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;

/** The one state in which an operator sees an instance: of all that hold, the one that tells most. */
enum InstanceState {
    /** It gets calls. */
    PASSING,
    /** It gets as many calls at a time as it completes in time. */
    LIMITED,
    /** Lost from the registry with too many others for that to be believed. */
    UNCONFIRMED,
    /** Back after attempts had failed on it; none has shown yet that it works. */
    TRIAL,
    /** Taken out of the choice by what calls saw. */
    EJECTED,
    /** A check in the registry fails. */
    FAILING,
    /** Taken out of service by an operator. */
    MAINTENANCE;

    static InstanceState of(Instance instance) {
        RegistryStatus registry = instance.status();
        if (registry == RegistryStatus.MAINTENANCE) {
            return MAINTENANCE;
        }
        if (registry == RegistryStatus.FAILING || registry == RegistryStatus.GONE) {
            return FAILING;
        }
        if (instance.ejected()) {
            return EJECTED;
        }
        if (instance.onTrial()) {
            return TRIAL;
        }
        if (registry == RegistryStatus.UNCONFIRMED) {
            return UNCONFIRMED;
        }
        return instance.limitInForce().isPresent() ? LIMITED : PASSING;
    }
}
