package io.middleware.core.outlier;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.middleware.core.Code;
import io.middleware.core.Counts.Cause;
import io.middleware.core.Outcome;
import io.middleware.core.Outcome.Evidence;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.HealthTracker;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.instance.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ejects an instance by the outcomes of attempts, long before the registry notices. {@link Probes} find out when it may come back, as
 * far as a ping can tell.
 *
 * <pre>
 * ejected   when no connection can be made,
 *           or when of the last {@value #WINDOW} attempts (at least {@value #LEAST}) half failed, and its peers
 *           fail less than half as often,
 *           or when it is an outlier: attempts fail that succeed at its peers
 *           or when an attempt is overdue without any response, or a connection broke, and a ping fails as well
 * back      when a probe succeeds; but if attempts had failed there, which no ping shows, on trial:
 * on trial  the first attempt that fails ejects it again, and the first that succeeds ends the trial; for {@value #IDEMPOTENT_ONLY_SECONDS} s
 *           calls that must not run twice go there only if no other is as good; until an attempt has ended, it gets one call in
 *           {@value Instance#TRIAL_SECONDS} s
 * </pre>
 *
 * {@link HealthCheck} pings an instance; {@link SuccessRateOutliers} decides which instance is an outlier.
 */
public final class OutlierDetector {
    private static final Logger log = LoggerFactory.getLogger(OutlierDetector.class);

    /** Upper bound: a service with no idempotent traffic still needs one call to test the instance. */
    private static final int IDEMPOTENT_ONLY_SECONDS = 1;

    static final int WINDOW = 20;
    /** Attempts that it takes to judge the share of those that failed. */
    public static final int LEAST = 5;

    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .failureRateThreshold(50)
            // opened and closed by this class: the breaker never lets a caller's call through to see what happens
            .waitDurationInOpenState(Duration.ofDays(365))
            .recordResult(outcome -> ((Outcome) outcome).evidence() == Evidence.BAD)
            .build();

    private final Transport transport;
    private final Timers timers;
    private final Ticker ticker;
    private final HealthCheck signs;
    private final Pauses pauses = new Pauses();
    private final Probes probes;
    private final SuccessRateOutliers outliers;
    private final boolean ejectsOutliers;
    private final List<Consumer<Ejection>> listeners = new CopyOnWriteArrayList<>();

    /** {@code timers} are for probes alone, which belong to no call. */
    public OutlierDetector(Transport transport, Timers timers, Ticker ticker, Settings settings) {
        this.transport = transport;
        this.timers = timers;
        this.ticker = ticker;
        this.signs = new HealthCheck(transport, ticker, settings.silence(), pauses, this::gaveNoSign);
        this.outliers = new SuccessRateOutliers(ticker);
        this.ejectsOutliers = settings.ejection().outliers();
        this.probes = new Probes(signs, timers, ticker, settings, this::stillOut, this::back);
    }

    public Pauses pauses() {
        return pauses;
    }

    /** Adds a listener, called after each ejection and its end, on the thread of a call: it must return at once. */
    public void listen(Consumer<Ejection> listener) {
        listeners.add(listener);
    }

    /** For {@link Directory#listen}: probes an ejected instance at once when there is news of it, and ends its probes when it is gone. */
    public void onInstanceChange(InstanceChange change) {
        switch (change.kind()) {
            case CONFIRMED, RENEWED -> probes.soon(change.instance());
            case DOUBTED -> signs.ask(change.instance(), 0);
            case GONE -> probes.end(change.instance());
            case CAME, FAILING, MAINTENANCE -> {}
        }
    }

    /** Records the outcome of an attempt, and ejects the instance if it has failed too often. */
    public void attempted(Instance instance, Outcome outcome) {
        switch (outcome.evidence()) {
            case UNREACHABLE, SILENT -> gaveNoSign(instance, outcome);
            case GOOD, BAD -> {
                // its duration is no evidence: a stream lasts as long as its two ends want
                breaker(instance).onResult(0, TimeUnit.NANOSECONDS, outcome);
                judge(instance, outcome);
            }
            case NONE, AMBIGUOUS -> {
                if (outcome.showsWork()) {
                    judge(instance, outcome);
                }
            }
        }
    }

    /** Called when a connection to it broke: checks it before a call has to find out, and ejects it if the check fails. */
    public void connectionBroke(Instance instance) {
        signs.ask(instance, 0);
    }

    /** Called when an attempt on it is overdue without any response: checks it, and ejects it if the check fails. */
    public void silent(Instance instance) {
        signs.ask(instance, HealthCheck.HOLDS);
    }

    private static CircuitBreaker breaker(Instance instance) {
        return instance.healthTracker().breaker(instance.id(), BREAKER);
    }

    private void gaveNoSign(Instance instance, Outcome failure) {
        boolean silence = failure.evidence() == Evidence.SILENT;
        instance.healthTracker().noSignOfLife(silence, ticker.nanos());
        if (eject(instance, silence ? Cause.SILENT : Cause.UNREACHABLE, failure.inWords())) {
            transport.retire(instance);
        }
    }

    private void judge(Instance instance, Outcome outcome) {
        if (instance.ejected()) {
            return;
        }
        if (outcome.showsWork()) {
            instance.outcomes().add(outcome.failed());
        }
        if (instance.health() instanceof Health.OnTrial trial) {
            judgeTrial(instance, trial, outcome);
        } else if (breaker(instance).getState() == State.OPEN) {
            judgeFailing(instance, outcome);
        } else if (outcome.failed()
                && outcome.showsWork()
                && outliers.found(instance, outcome)
                && mayEjectFor(outcome)) {
            ejectOutlier(instance, "its calls fail, and those of its peers do not; the last one: " + outcome.inWords());
        }
    }

    private void judgeTrial(Instance instance, Health.OnTrial trial, Outcome outcome) {
        if (!outcome.failed()) {
            endTrial(instance);
            return;
        }
        boolean failing = trial.lastEjection().cause() != Cause.OUTLIER && outcome.evidence() == Evidence.BAD;
        if (failing || ejectsOutliers && outliers.failedAgain(instance)) {
            eject(
                    instance,
                    failing ? Cause.FAILING : Cause.OUTLIER,
                    "it failed again when it was back: " + outcome.inWords());
        }
    }

    /** {@code UNAVAILABLE} is left to the share of failed attempts: another instance may succeed, and trials come sooner. */
    private boolean mayEjectFor(Outcome outcome) {
        return ejectsOutliers && outcome.code() != Code.UNAVAILABLE;
    }

    private void judgeFailing(Instance instance, Outcome outcome) {
        // the calls of a lost connection are not compared: its cause is not known
        if (outcome.showsWork() && outliers.peersFailToo(instance)) {
            breaker(instance).reset();
        } else {
            eject(instance, Cause.FAILING, "half of its last answers failed, the last one: " + outcome.inWords());
        }
    }

    private void ejectOutlier(Instance instance, String reason) {
        // one after another: of two at once each could be the last that is allowed
        synchronized (outliers) {
            if (SuccessRateOutliers.mayEject(instance)) {
                eject(instance, Cause.OUTLIER, reason);
            }
        }
    }

    /** Takes an instance out of the choice until a probe succeeds. Returns false, and does nothing, if it is ejected already. */
    public boolean eject(Instance instance, Cause cause, String reason) {
        HealthTracker health = instance.healthTracker();
        synchronized (health) {
            if (instance.status() == RegistryStatus.GONE || !health.eject(cause, reason, ticker.nanos())) {
                return false;
            }
            breaker(instance).transitionToOpenState();
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
        synchronized (health) {
            breaker(instance).reset();
            onTrial = health.letBack();
        }
        // its latency while it was frozen or lost says nothing of now
        instance.latency().forget();
        log.info("{} of {} is back: it answers probes", instance, instance.serviceName());
        changed(new Ejection(instance, false, "it answers probes"));
        if (onTrial) {
            timers.schedule(() -> openTrial(instance), TimeUnit.SECONDS.toNanos(IDEMPOTENT_ONLY_SECONDS));
        }
    }

    private void endTrial(Instance instance) {
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
