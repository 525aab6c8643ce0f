package io.middleware.core.call;

import io.github.resilience4j.retry.Retry;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call's attempts so far: how those without success ended, what follows for the next ones, and how to say it to the caller. */
final class AttemptHistory {
    private final Route route;
    private final Service service;
    private final boolean idempotentMethod;
    private final int mostAttempts;
    private final CallRecord record;
    private final VersionDoubts versionDoubts = new VersionDoubts();
    private List<Ended> ended = List.of();
    private boolean keyHonoured;
    private int started;
    private int retries;
    private Retry.@Nullable AsyncContext<Outcome> backOff;
    private long notBefore = Long.MIN_VALUE;
    private long pushback = Pushback.NONE;

    private record Ended(Instance instance, Outcome outcome) {}

    AttemptHistory(AttemptContext context, Route route) {
        this.route = route;
        this.service = route.service();
        this.idempotentMethod = context.method().traits().idempotent();
        this.keyHonoured = context.call().idempotencyKey();
        this.mostAttempts = context.dependencies().attempts();
        this.record = context.record();
    }

    /** Called when an attempt starts. */
    void onStart(Instance instance) {
        started++;
        // by what it promises now: when the attempt ends, the service may consist of others
        keyHonoured &= instance.registration().idempotencyKeys();
        versionDoubts.begin(instance);
    }

    /** Called when an attempt ended without success. {@code connectedAt}: see {@code Transport.Stream.connectedAt}. */
    void onFailure(Instance instance, Outcome outcome, int connectedAt) {
        if (ended.isEmpty()) {
            ended = new ArrayList<>(4);
        }
        ended.add(new Ended(instance, outcome));
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
        return versionDoubts.none() && idempotentMethod || keyHonoured && route.honoursIdempotencyKeys();
    }

    /** Returns whether one of the attempts that ended may have executed the call. */
    boolean mayHaveRun() {
        return ended.stream().anyMatch(attempt -> attempt.outcome.kind() != Outcome.Kind.UNSENT);
    }

    /** Returns whether two attempts ended because of the request; then it is presumed to break connections. */
    boolean requestBlamedTwice() {
        return ended.stream()
                        .filter(attempt -> attempt.outcome.blamesRequest())
                        .limit(2)
                        .count()
                == 2;
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

    /**
     * Returns how each attempt without success ended, in order: {@code unsent: UNAVAILABLE; answered: UNAVAILABLE}; empty if
     * there was none.
     *
     * @param detailed with the instances: {@code p1 (primary): answered UNAVAILABLE: full; p2 (primary): connection refused}
     */
    String summary(boolean detailed) {
        StringJoiner all = new StringJoiner("; ");
        ended.forEach(attempt -> all.add(
                detailed
                        ? describe(attempt.instance, attempt.outcome)
                        : attempt.outcome.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": "
                                + attempt.outcome.code()));
        return all.toString();
    }

    /**
     * Returns how the call ended, for its caller.
     *
     * @param reason   why there was no other attempt, without the names of instances; null if the attempts themselves say it
     * @param detailed the same, with the names of instances
     */
    Failure failure(Code code, @Nullable String reason, @Nullable String detailed) {
        if (ended.isEmpty()) {
            String untried = service + " was not tried: no time was left";
            return new Failure(code, reason == null ? untried : reason, detailed == null ? untried : detailed);
        }
        Map<Instance, List<Outcome>> perInstance = new LinkedHashMap<>();
        ended.forEach(attempt -> perInstance
                .computeIfAbsent(attempt.instance, instance -> new ArrayList<>())
                .add(attempt.outcome));
        StringJoiner each = new StringJoiner("; ", service + " gave no response: ", "");
        perInstance.forEach((instance, outcomes) -> each.add(describe(instance, outcomes.getLast())
                + (outcomes.size() > 1 ? " (" + outcomes.size() + " times)" : "")));
        String tried = perInstance.size() == 1 ? "one instance" : perInstance.size() + " instances";
        return new Failure(
                code,
                withReason(service + " gave no response (" + tried + " tried)", reason),
                withReason(each.toString(), detailed));
    }

    private String withReason(String attempts, @Nullable String reason) {
        if (reason != null) {
            return attempts + ". Not retried: " + reason;
        }
        return !idempotent() && mayHaveRun() ? attempts + ". Note that " + RetryPolicy.MAY_HAVE_RUN : attempts;
    }

    private static String describe(Instance instance, Outcome outcome) {
        return instance + " (" + instance.pool().name().toLowerCase(Locale.ROOT) + "): " + outcome.inWords();
    }
}
