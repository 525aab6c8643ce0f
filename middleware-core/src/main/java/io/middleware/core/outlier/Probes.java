package io.middleware.core.outlier;

import io.middleware.core.Outcome;
import io.middleware.core.Outcome.Evidence;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.instance.Describer;
import io.middleware.core.instance.HealthTracker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when ejected instances are probed.
 *
 * <pre>
 * probe     after delay; if it succeeds, back in the choice; else delay = min(2 * delay, longest)
 * delay     starts at first; an instance ejected again within 10 * delay of its return starts with twice its last delay
 * outliers  have a first and a longest delay of their own: they respond to pings, and only callers' calls can show more
 * </pre>
 *
 * A server that was replaced meanwhile is described before its instance is back, if that takes no longer than
 * {@value #DESCRIPTION_MILLIS} ms.
 *
 * <p>A silent connection may stay silent long after the server has recovered, until TCP retransmits. So probes after silence use new
 * connections.
 */
public final class Probes {
    static final int DESCRIPTION_MILLIS = 1_000;

    private final HealthCheck healthCheck;
    private final Timers timers;
    private final Ticker ticker;
    private final long firstDelay;
    private final long longestDelay;
    private final long firstTrial;
    private final long longestTrial;
    private final long lostAfter;
    private final Consumer<Instance> stillOut;
    private final Consumer<Instance> alive;
    private volatile Describer describer = Describer.NONE;

    Probes(
            HealthCheck healthCheck,
            Timers timers,
            Ticker ticker,
            Settings settings,
            Consumer<Instance> stillOut,
            Consumer<Instance> alive) {
        this.healthCheck = healthCheck;
        this.timers = timers;
        this.ticker = ticker;
        this.firstDelay = settings.ejection().firstProbe().toNanos();
        this.longestDelay = settings.ejection().longestProbe().toNanos();
        this.firstTrial = settings.ejection().firstTrial().toNanos();
        this.longestTrial = settings.ejection().longestTrial().toNanos();
        this.lostAfter = settings.silence().lostAfter().toNanos();
        this.stillOut = stillOut;
        this.alive = alive;
    }

    void describeWith(Describer newer) {
        describer = newer;
    }

    /** Called when an instance was ejected, with the lock of its health. */
    void begin(Instance instance) {
        boolean outlier = SuccessRateOutliers.isEjectedAsOutlier(instance);
        long first = outlier ? firstTrial : firstDelay;
        long longest = outlier ? longestTrial : longestDelay;
        instance.healthTracker().probes().begin(first, longest, ticker.nanos());
        later(instance);
    }

    /** Called when the registry has news of an instance: if it is ejected, it is probed at once. */
    void soon(Instance instance) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            if (!instance.ejected() || !health.probes().bringForward(firstDelay)) {
                return;
            }
        }
        probe(instance);
    }

    /** Called when an instance is gone. */
    void end(Instance instance) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            health.probes().cancel();
        }
    }

    private void later(Instance instance) {
        instance.healthTracker().probes().schedule(timers, () -> probe(instance));
    }

    private void probe(Instance instance) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            // a timer that could no longer be cancelled finds the work begun or done
            if (!instance.ejected() || !health.probes().beginProbe()) {
                return;
            }
            if (!instance.inUse()) {
                // of a large service, others are in its place: it is looked at again when it may be needed
                health.probes().endProbe();
                if (instance.status() != RegistryStatus.GONE) {
                    health.probes().lengthen(longestDelay);
                    later(instance);
                }
                return;
            }
        }
        healthCheck.probe(instance, failure -> {
            if (failure == null && instance.version().inDoubt()) {
                describe(instance);
            } else {
                probed(instance, failure);
            }
        });
    }

    /** Whatever comes of it, the instance is back: it has responded to the probe. */
    private void describe(Instance instance) {
        AtomicBoolean done = new AtomicBoolean();
        Runnable back = () -> {
            if (done.compareAndSet(false, true)) {
                probed(instance, null);
            }
        };
        Timers.Timer limit = timers.schedule(back, TimeUnit.MILLISECONDS.toNanos(DESCRIPTION_MILLIS));
        describer.describe(instance, () -> {
            limit.cancel();
            back.run();
        });
    }

    private void probed(Instance instance, @Nullable Outcome failure) {
        boolean gone = instance.status() == RegistryStatus.GONE;
        if (failure != null || gone) {
            stillOut.accept(instance);
        }
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            health.probes().endProbe();
            if (gone) {
                return;
            }
            if (failure != null) {
                health.probeFailed(failure.inWords(), failure.evidence() == Evidence.SILENT, lostAfter, ticker.nanos());
                health.probes().lengthen(longestDelay);
                later(instance);
                return;
            }
            long now = ticker.nanos();
            health.probes().onReadmitted(now);
            health.alive(now);
        }
        alive.accept(instance);
    }
}
