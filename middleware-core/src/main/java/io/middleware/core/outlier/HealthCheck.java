package io.middleware.core.outlier;

import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.instance.HealthTracker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.instance.Transport;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings instances to find out whether they are alive. A ping risks no caller's call, and tells a dead server from a slow one.
 *
 * <pre>
 * limit     max(ping-limit, 4 * round trip); 250 ms while the round trip is not known
 * again     at most {@value #MOST_EXCUSED} times, if no response came within the limit and this process was paused meanwhile
 * </pre>
 */
final class HealthCheck {
    /** How long a response counts. */
    static final long HOLDS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Long, because a frozen server responds to the waiting probe as soon as it runs again. */
    private static final long PROBE_LIMIT = TimeUnit.SECONDS.toNanos(1);

    private static final long FIRST_PING_LIMIT = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int ROUND_TRIPS = 4;
    private static final int MOST_EXCUSED = 3;
    private static final Logger log = LoggerFactory.getLogger(HealthCheck.class);

    private final Transport transport;
    private final Ticker ticker;
    private final long pingLimit;
    private final Pauses pauses;
    private final BiConsumer<Instance, Outcome> failed;

    /** {@code failed} is called with an instance whose check failed, and the reason. */
    HealthCheck(
            Transport transport,
            Ticker ticker,
            Settings.Silence settings,
            Pauses pauses,
            BiConsumer<Instance, Outcome> failed) {
        this.transport = transport;
        this.ticker = ticker;
        this.pingLimit = settings.pingLimit().toNanos();
        this.pauses = pauses;
        this.failed = failed;
    }

    /** Checks an instance, unless it is ejected, a check is in flight, or it gave a response less than {@code since} ago. */
    void ask(Instance instance, long since) {
        if (instance.status() == RegistryStatus.GONE) {
            return;
        }
        int check = instance.healthTracker().beginCheck(since, ticker.nanos());
        if (check == HealthTracker.NO_CHECK) {
            return;
        }
        long far = instance.roundTrip() == 0 ? FIRST_PING_LIMIT : ROUND_TRIPS * instance.roundTrip();
        ping(instance, Math.max(pingLimit, far), failure -> onResult(instance, check, failure));
    }

    /** Probes an ejected instance; the result is null for a response. */
    void probe(Instance instance, Consumer<Outcome> result) {
        ping(instance, Math.max(PROBE_LIMIT, ROUND_TRIPS * instance.roundTrip()), result);
    }

    private void onResult(Instance instance, int check, Outcome failure) {
        boolean latest = instance.healthTracker().endCheck(check, failure == null, ticker.nanos());
        if (latest && failure != null) {
            failed.accept(instance, failure);
        }
    }

    /** Must not be called with the lock: the result may come at once, and goes to the directory, whose lock is the outer one. */
    private void ping(Instance instance, long limitNanos, Consumer<Outcome> result) {
        ping(instance, limitNanos, MOST_EXCUSED, result);
    }

    /** {@code excused}: how often it is pinged again if this process was paused meanwhile. */
    private void ping(Instance instance, long limitNanos, int excused, Consumer<Outcome> result) {
        long due = ticker.nanos() + limitNanos;
        try {
            transport.probe(instance, limitNanos, failure -> {
                boolean silent = failure != null && failure.evidence() == Outcome.Evidence.SILENT;
                if (silent && pauses.heldUp(due, ticker.nanos()) && excused > 0) {
                    ping(instance, limitNanos, excused - 1, result);
                } else {
                    result.accept(failure);
                }
            });
        } catch (RuntimeException e) {
            log.error("{} of {}: the probe failed", instance, instance.serviceName(), e);
            result.accept(Outcome.unreachable("the transport failed: " + e));
        }
    }
}
