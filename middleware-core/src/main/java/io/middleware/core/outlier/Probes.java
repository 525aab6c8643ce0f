package io.middleware.core.outlier;

import io.middleware.core.Outcome;
import io.middleware.core.Outcome.Evidence;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.instance.HealthTracker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import java.util.function.Consumer;

/**
 * When instances that are ejected are asked for a sign of life.
 *
 * <pre>
 * asked     after delay; alive: back in the choice; else delay = min(2 * delay, longest)
 * delay     starts at first; an instance ejected again within 10 * delay of its return starts with twice its last delay
 * outliers  have a first and a longest delay of their own: they answer pings, and it takes callers' calls to find out more
 * </pre>
 *
 * A connection that was silent may stay so long after the server is well, until TCP repeats what was lost; so probes after a
 * silence go by new connections.
 */
public final class Probes {
    private final HealthCheck signs;
    private final Timers timers;
    private final Ticker ticker;
    private final long firstDelay;
    private final long longestDelay;
    private final long firstTrial;
    private final long longestTrial;
    private final long lostAfter;
    private final Consumer<Instance> stillOut;
    private final Consumer<Instance> alive;

    Probes(
            HealthCheck signs,
            Timers timers,
            Ticker ticker,
            Settings settings,
            Consumer<Instance> stillOut,
            Consumer<Instance> alive) {
        this.signs = signs;
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

    /** It was ejected; to be called with the lock of its health. */
    void begin(Instance instance) {
        HealthTracker health = instance.healthTracker();
        boolean again = health.probeDelay > 0 && ticker.nanos() - health.letBackAt < 10 * health.probeDelay;
        boolean outlier = SuccessRateOutliers.isEjectedAsOutlier(instance);
        long first = outlier ? firstTrial : firstDelay;
        long longest = outlier ? longestTrial : longestDelay;
        health.probeDelay = again ? Math.clamp(2 * health.probeDelay, first, longest) : first;
        later(instance);
    }

    /** The registry has news of it: if it is ejected it is asked at once. */
    void soon(Instance instance) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            if (!instance.ejected()) {
                return;
            }
            health.probeDelay = firstDelay;
            if (health.probing) {
                return;
            }
            health.nextProbe.cancel();
        }
        probe(instance);
    }

    /** It is gone. */
    void end(Instance instance) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            if (health.nextProbe != null) {
                health.nextProbe.cancel();
            }
        }
    }

    private void later(Instance instance) {
        HealthTracker health = instance.healthTracker();
        health.nextProbe = timers.schedule(() -> probe(instance), health.probeDelay);
    }

    private void probe(Instance instance) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            // a timer that could not be cancelled any more finds the work begun or done
            if (health.probing || !instance.ejected()) {
                return;
            }
            health.probing = true;
        }
        signs.probe(instance, failure -> probed(instance, failure));
    }

    private void probed(Instance instance, Outcome failure) {
        boolean gone = instance.status() == RegistryStatus.GONE;
        if (failure != null || gone) {
            stillOut.accept(instance);
        }
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            health.probing = false;
            if (gone) {
                return;
            }
            if (failure != null) {
                health.probeFailed(failure.reason(), failure.evidence() == Evidence.SILENT, lostAfter, ticker.nanos());
                health.probeDelay = Math.min(2 * health.probeDelay, longestDelay);
                later(instance);
                return;
            }
            health.letBackAt = ticker.nanos();
            health.alive(health.letBackAt);
        }
        alive.accept(instance);
    }
}
