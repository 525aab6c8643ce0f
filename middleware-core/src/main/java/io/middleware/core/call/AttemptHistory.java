package io.middleware.core.call;

import io.github.resilience4j.retry.Retry;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.directory.Tiers;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call's attempts so far: how those without success ended, what follows for the next ones, and how to say it to the caller. */
final class AttemptHistory {
    private final Route route;
    private final Service service;
    private final boolean idempotentMethod;
    private final boolean resent;
    private final int mostAttempts;
    private final CallRecord record;
    private final VersionDoubts versionDoubts = new VersionDoubts();
    private final EndedAttempts ended = new EndedAttempts();
    private final KeyedAttempts keys;
    private int started;
    private int retries;
    private Retry.@Nullable AsyncContext<Outcome> backOff;
    private long notBefore = Long.MIN_VALUE;
    private long pushback = Pushback.NONE;

    AttemptHistory(AttemptContext context, Route route) {
        this.route = route;
        this.service = route.service();
        this.idempotentMethod = context.method().traits().idempotent();
        this.resent = context.call().resent();
        this.keys = new KeyedAttempts(context, route);
        this.mostAttempts = context.dependencies().attempts();
        this.record = context.record();
    }

    /** Called when an attempt starts. */
    void onStart(Instance instance) {
        started++;
        keys.onStart(instance);
        versionDoubts.begin(instance);
    }

    /** Called when an attempt ended without success. {@code connectedAt}: see {@code Transport.Stream.connectedAt}. */
    void onFailure(Instance instance, Outcome outcome, int connectedAt) {
        ended.add(instance, outcome);
        keys.onFailure(instance, outcome);
        versionDoubts.ended(instance, outcome, connectedAt);
    }

    /** Called when a server refused the call. {@code requested}: what it asks about retries, see {@link Pushback}. */
    void onRefusal(long requested, long now) {
        if (pushback != Pushback.NEVER) {
            pushback = requested;
        }
        if (requested >= 0) {
            notBefore = now + TimeUnit.MILLISECONDS.toNanos(requested);
        }
    }

    /** Returns the number of attempts that were started. */
    int started() {
        return started;
    }

    /** Returns whether the call may run more than once: its method or its key promises it, and no version may differ. */
    boolean idempotent() {
        return idempotentMethod() || keys.mayRepeat();
    }

    /** Returns the instances that may get another attempt. {@code others}: attempts in flight that stay there. */
    Tiers candidates(int others) {
        boolean onlyByKey = keys.mayRepeat() && !idempotentMethod() && (others > 0 || mayHaveRun());
        return onlyByKey ? route.honouringIdempotencyKeys() : route.candidates();
    }

    /**
     * Returns whether {@code ABORTED} may mean that another attempt holds the call's key: if instances honour it, and one may have run.
     *
     * @param others attempts in flight
     */
    boolean keyInUse(int others) {
        return keys.mayRepeat() && (others > 0 || mayHaveRun() || retryRequested());
    }

    /** Returns whether the call can safely be sent again with its key, whatever instance it gets then. */
    boolean keyHonoured() {
        return keys.callerMayRepeat();
    }

    private boolean idempotentMethod() {
        return versionDoubts.none() && idempotentMethod;
    }

    /** Returns whether an attempt that ended may have executed the call, be it one of another gateway. */
    boolean mayHaveRun() {
        return resent || ended.mayHaveRun();
    }

    /** Returns whether two attempts ended because of the request; then it is presumed to break connections. */
    boolean requestBlamedTwice() {
        return ended.requestBlamedTwice();
    }

    /** Returns whether the server that refused the call last says when to retry it. */
    boolean retryRequested() {
        return pushback >= 0;
    }

    boolean retryForbidden() {
        return pushback == Pushback.NEVER;
    }

    /** Returns the nanoseconds before which a server wants no retry; 0 for none. */
    long mustWait(long now) {
        return notBefore == Long.MIN_VALUE ? 0 : Math.max(0, notBefore - now);
    }

    /** Returns how many retries and hedges were paid for. */
    int retries() {
        return retries;
    }

    boolean retriesLeft() {
        return retries < mostAttempts - 1;
    }

    /** Takes a retry from the service's budget, and counts it. Returns false if the budget is used up. */
    boolean payRetry() {
        double before = service.budget().left();
        boolean granted = service.budget().withdraw();
        record.paid(before, service.budget().calls(), granted);
        if (!granted) {
            return false;
        }
        retries++;
        return true;
    }

    /** Returns the milliseconds to back off before the retry that was paid for last, at least 1. */
    long backOff(Outcome because) {
        if (backOff == null) {
            backOff = service.backOff().newSeries();
        }
        return Math.max(1, backOff.onResult(because));
    }

    /** See {@link EndedAttempts#summary}. */
    String summary(boolean detailed) {
        return ended.summary(detailed);
    }

    /**
     * Returns how the call ended, for its caller.
     *
     * @param reason   why there was no other attempt, without the names of instances; null if the attempts themselves say it
     * @param detailed the same, with the names of instances
     */
    Failure failure(Code code, @Nullable String reason, @Nullable String detailed) {
        return new Failure(code, withReason(false, reason), withReason(true, detailed));
    }

    private String withReason(boolean detailed, @Nullable String reason) {
        String told = ended.inWords(service, detailed, reason);
        boolean noted = idempotentMethod() || !mayHaveRun() || Decision.MAY_HAVE_RUN.equals(reason);
        return noted ? told : told + keys.note();
    }

    /** Returns what a response that broke off means for its caller, who has got a part of it. */
    String afterBreak() {
        if (idempotentMethod()) {
            return "";
        }
        return keys.callerMayRepeat() ? keys.note() : ". Not retried: " + Decision.MAY_HAVE_RUN;
    }
}
