package io.middleware.core.outlier;

import io.middleware.core.Counts.Cause;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.HealthTracker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.instance.Transport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries ejections out: takes an instance out of the choice, has it probed, and lets it back, on trial if attempts had failed on it. */
final class Ejections {
    /** Upper bound: a service with no idempotent traffic still needs one call to test the instance. */
    static final int IDEMPOTENT_ONLY_SECONDS = 1;

    /** By the name that operators know. */
    private static final Logger log = LoggerFactory.getLogger(OutlierDetector.class);

    private final Transport transport;
    private final Timers timers;
    private final Ticker ticker;
    private final SuccessRateOutliers outliers;
    private final Probes probes;
    private final List<Consumer<Ejection>> listeners = new CopyOnWriteArrayList<>();

    Ejections(
            Transport transport,
            Timers timers,
            Ticker ticker,
            Settings settings,
            HealthCheck healthCheck,
            SuccessRateOutliers outliers) {
        this.transport = transport;
        this.timers = timers;
        this.ticker = ticker;
        this.outliers = outliers;
        this.probes = new Probes(healthCheck, timers, ticker, settings, this::stillOut, this::back);
    }

    void listen(Consumer<Ejection> listener) {
        listeners.add(listener);
    }

    Probes probes() {
        return probes;
    }

    /** Takes an instance out of the choice until a probe succeeds. Returns false, and does nothing, if it is ejected already. */
    boolean begin(Instance instance, Cause cause, String reason) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            if (instance.status() == RegistryStatus.GONE || !health.eject(cause, reason, ticker.nanos())) {
                return false;
            }
            FailureRate.onEjected(instance);
            outliers.ejected(instance);
            probes.begin(instance);
        }
        instance.group().counts().ejected(cause);
        log.warn("{} of {} ejected: {}", instance, instance.serviceName(), reason);
        changed(new Ejection(instance, true, reason));
        return true;
    }

    /** Called when a probe failed, or the instance is gone meanwhile. */
    private void stillOut(Instance instance) {
        transport.retire(instance);
    }

    /** Called when a probe succeeded. */
    private void back(Instance instance) {
        HealthTracker health = instance.healthTracker();
        boolean onTrial;
        Cause cause;
        synchronized (health) {
            cause = health.health() instanceof Health.Ejected ejected ? ejected.cause() : null;
            FailureRate.reset(instance);
            onTrial = health.readmit();
        }
        // its latency while it was frozen or lost says nothing of now
        instance.latency().forget();
        if (cause == Cause.UNREACHABLE) {
            // there was no server, so this one has just started
            instance.newness().begin(instance, ticker.nanos());
        }
        log.info("{} of {} is back: it answers probes", instance, instance.serviceName());
        changed(new Ejection(instance, false, "it answers probes"));
        if (onTrial) {
            timers.schedule(() -> openTrial(instance), TimeUnit.SECONDS.toNanos(IDEMPOTENT_ONLY_SECONDS));
        }
    }

    /** Called when an attempt on trial has succeeded. */
    void endTrial(Instance instance) {
        instance.healthTracker().endTrial();
        instance.group().onHealthChanged();
    }

    private void openTrial(Instance instance) {
        instance.healthTracker().openTrialToAllCalls();
        instance.group().onHealthChanged();
    }

    private void changed(Ejection ejection) {
        ejection.instance().group().onHealthChanged();
        listeners.forEach(listener -> listener.accept(ejection));
    }
}
