package io.middleware.gateway.recorder;

import io.middleware.core.directory.Standing;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * An instance that was no candidate for an attempt.
 *
 * @param detail what speaks against it, in English; empty if {@code why} says it all
 */
record LeftOut(Instance instance, Why why, String detail) {

    /** Why an instance was no candidate. */
    enum Why {
        /** The call had tried it. */
        TRIED,
        /** It is a secondary, and a primary was left. */
        SECONDARY,
        /** The registry has lost it, and others are certain. */
        UNCONFIRMED,
        /** Outlier detection has taken it out. */
        EJECTED,
        /** A check of it fails. */
        FAILING,
        MAINTENANCE,
        GONE,
        /** It is at its limit of calls in flight. */
        FULL,
        /** It is on trial: only some calls go there. */
        ON_TRIAL
    }

    private static final int MOST = 50;

    /** Returns the instances that list the gRPC service and were no candidates for this choice; {@value #MOST} at most. */
    static List<LeftOut> of(Step.Chosen step) {
        List<LeftOut> all = new ArrayList<>();
        Collection<Instance> candidates = step.choice().candidates();
        if (candidates.size() > MOST) {
            candidates = Collections.newSetFromMap(new IdentityHashMap<>());
            candidates.addAll(step.choice().candidates());
        }
        for (Standing standing : step.tiers().standings()) {
            if (all.size() < MOST && !candidates.contains(standing.instance())) {
                all.add(of(standing, step));
            }
        }
        return all;
    }

    private static LeftOut of(Standing standing, Step.Chosen step) {
        Instance instance = standing.instance();
        if (step.tried().contains(instance)) {
            return new LeftOut(instance, Why.TRIED, "");
        }
        if (standing.status() == RegistryStatus.GONE) {
            return new LeftOut(instance, Why.GONE, "");
        }
        if (standing.status() == RegistryStatus.MAINTENANCE) {
            return new LeftOut(instance, Why.MAINTENANCE, "");
        }
        if (standing.health() instanceof Health.Ejected ejected) {
            return new LeftOut(instance, Why.EJECTED, ejected.reason());
        }
        if (standing.status() == RegistryStatus.FAILING) {
            return new LeftOut(instance, Why.FAILING, "");
        }
        if (step.choice().full().contains(instance)) {
            return new LeftOut(instance, Why.FULL, "");
        }
        if (instance.pool() == Pool.SECONDARY) {
            return new LeftOut(instance, Why.SECONDARY, "");
        }
        return new LeftOut(
                instance, standing.status() == RegistryStatus.UNCONFIRMED ? Why.UNCONFIRMED : Why.ON_TRIAL, "");
    }
}
