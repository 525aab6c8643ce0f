package io.middleware.core.outlier;

import io.middleware.core.Code;
import io.middleware.core.Counts.Cause;
import io.middleware.core.Outcome;
import io.middleware.core.Outcome.Evidence;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Describer;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import java.util.function.Consumer;

/**
 * Ejects an instance by the outcomes of attempts, long before the registry notices. {@link Probes} find out when it may come back, as
 * far as a ping can tell.
 *
 * <pre>
 * ejected   when no connection can be made,
 *           or when of the last {@value FailureRate#WINDOW} attempts (at least {@value FailureRate#LEAST}) half failed, and its peers
 *           fail less than half as often,
 *           or when it is an outlier: attempts fail that succeed at its peers
 *           or when an attempt is overdue without any response, or a connection broke, and a ping fails as well
 * back      when a probe succeeds, and the server has been described if it may be another one; but if attempts had failed there,
 *           which no ping shows, on trial:
 * on trial  the first attempt that fails ejects it again, and the first that succeeds ends the trial; for {@value Ejections#IDEMPOTENT_ONLY_SECONDS} s
 *           calls that are not idempotent go there only if no other is as good; until an attempt has ended, it gets one call in
 *           {@value Instance#TRIAL_SECONDS} s
 * </pre>
 *
 * {@link HealthCheck} pings an instance; {@link FailureRate} and {@link SuccessRateOutliers} count what failed; {@link Ejections}
 * carries out what this class decides.
 */
public final class OutlierDetector {
    /** Attempts that it takes to judge the share of those that failed. */
    public static final int LEAST = FailureRate.LEAST;

    private final Transport transport;
    private final Ticker ticker;
    private final HealthCheck healthCheck;
    private final Pauses pauses = new Pauses();
    private final Ejections ejections;
    private final SuccessRateOutliers outliers;
    private final boolean ejectsOutliers;

    /** {@code timers} are for probes alone, which belong to no call. */
    public OutlierDetector(Transport transport, Timers timers, Ticker ticker, Settings settings) {
        this.transport = transport;
        this.ticker = ticker;
        this.healthCheck = new HealthCheck(transport, ticker, settings.silence(), pauses, this::onCheckFailed);
        this.outliers = new SuccessRateOutliers(ticker);
        this.ejectsOutliers = settings.ejection().outliers();
        this.ejections = new Ejections(transport, timers, ticker, settings, healthCheck, outliers);
    }

    public Pauses pauses() {
        return pauses;
    }

    /** Adds a listener, called after each ejection and its end, on the thread of a call: it must return at once. */
    public void listen(Consumer<Ejection> listener) {
        ejections.listen(listener);
    }

    /** Sets what describes an ejected instance's server before it comes back. */
    public void describeWith(Describer describer) {
        ejections.probes().describeWith(describer);
    }

    /** For {@link Directory#listen}: probes an ejected instance at once when there is news of it, and ends its probes when it is gone. */
    public void onInstanceChange(InstanceChange change) {
        switch (change.kind()) {
            case CONFIRMED, RENEWED -> ejections.probes().soon(change.instance());
            case DOUBTED -> {
                if (change.instance().inUse()) {
                    healthCheck.ask(change.instance(), 0);
                }
            }
            case GONE -> ejections.probes().end(change.instance());
            case CAME, FAILING, MAINTENANCE -> {}
        }
    }

    /** Records the outcome of an attempt, and ejects the instance if it has failed too often. */
    public void attempted(Instance instance, Outcome outcome) {
        switch (outcome.evidence()) {
            case UNREACHABLE, SILENT -> onCheckFailed(instance, outcome);
            case GOOD, BAD -> {
                FailureRate.add(instance, outcome);
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
        healthCheck.ask(instance, 0);
    }

    /** Called when an attempt on it is overdue without any response: checks it, and ejects it if the check fails. */
    public void silent(Instance instance) {
        healthCheck.ask(instance, HealthCheck.HOLDS);
    }

    /** Returns whether it has responded to a ping since then, or so shortly before that it was not pinged again. */
    public static boolean aliveAfter(Instance instance, long moment) {
        return instance.healthTracker().aliveAt() >= moment - HealthCheck.HOLDS;
    }

    private void onCheckFailed(Instance instance, Outcome failure) {
        boolean silence = failure.evidence() == Evidence.SILENT;
        instance.healthTracker().onCheckFailed(silence, ticker.nanos());
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
        } else if (FailureRate.tooHigh(instance)) {
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
            ejections.endTrial(instance);
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
            FailureRate.reset(instance);
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
        return ejections.begin(instance, cause, reason);
    }
}
