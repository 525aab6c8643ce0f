package io.middleware.core.call;

import io.github.resilience4j.retry.Retry;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Deadline;
import io.middleware.core.Failure;
import io.middleware.core.MethodTraits;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where a call has been without success, and where it may go from there. */
final class Tries {
    private final Route route;
    private final Service service;
    private final boolean repeatable;
    private final boolean unary;
    private final Deadline deadline;
    private final Stops stops = new Stops();
    private boolean keyHonoured;
    private List<Instance> tried = List.of();
    private final VersionDoubts versionDoubts = new VersionDoubts();
    private Retry.AsyncContext<Outcome> series;
    private boolean enough;
    private int asked;
    private boolean everyOneTried;
    private long notBefore = Long.MIN_VALUE;
    private long pushback = Pushback.NONE;

    Tries(Route route, MethodTraits traits, boolean idempotencyKey, Deadline deadline) {
        this.route = route;
        this.service = route.service();
        this.repeatable = traits.idempotent();
        this.unary = traits.unary();
        this.keyHonoured = idempotencyKey;
        this.deadline = deadline;
    }

    /** An attempt on it begins. */
    void asks(Instance instance) {
        asked++;
        // by what it promises now: when it ends, the service may consist of others
        keyHonoured &= instance.registration().idempotencyKeys();
        if (instance.onTrial()) {
            instance.health().triedAt = service.repeats().ticker().nanos();
        }
        versionDoubts.begin(instance);
    }

    /** An attempt on it ended so, without success. {@code connectedAt}: see {@link Transport.Stream#connectedAt}. */
    void add(Instance instance, Outcome outcome, int connectedAt) {
        stops.add(instance, outcome);
        exclude(instance);
        versionDoubts.ended(instance, outcome, connectedAt);
    }

    /** From now on it is no instance that was not tried. */
    void exclude(Instance instance) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(4);
        }
        if (!tried.contains(instance)) {
            tried.add(instance);
        }
    }

    Service service() {
        return service;
    }

    /** Attempts that were begun. */
    int count() {
        return asked;
    }

    /** Each instance was tried before, and now for another time. */
    boolean everyOneTried() {
        return everyOneTried;
    }

    /** Called when a server refused the call. {@code newer}: what it asks about retries, see {@link Pushback}. */
    void pushBack(long newer) {
        if (pushback != Pushback.NEVER) {
            pushback = newer;
        }
        if (newer >= 0) {
            notBefore = service.repeats().ticker().nanos() + TimeUnit.MILLISECONDS.toNanos(newer);
        }
    }

    /** A server asks that nobody retries the call. */
    boolean forbidden() {
        return pushback == Pushback.NEVER;
    }

    /** In nanoseconds, how long no retry may come yet; 0 for none. */
    long mustWait(long now) {
        return notBefore == Long.MIN_VALUE ? 0 : Math.max(0, notBefore - now);
    }

    /**
     * The server has ended the call, and another instance is no better. {@code UNAVAILABLE} means that one may be;
     * {@code RESOURCE_EXHAUSTED} may be a quota, and is retried only if the server says when.
     */
    boolean ends(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.ANSWERED
                && (!outcome.code().asksForAnotherInstance()
                        || outcome.code() == Code.RESOURCE_EXHAUSTED && pushback < 0);
    }

    /** The call may run more than once: its method promises so, and no instance that has it may be of another version. */
    boolean repeatable() {
        return versionDoubts.none() && repeatable || keyHonoured && route.honoursIdempotencyKeys();
    }

    /** Another attempt might be one too many. {@code others}: some are under way. */
    boolean mayRunTwice(boolean others) {
        return !repeatable() && (others || stops.mayHaveRun());
    }

    /** See {@link Stops#blameRequest}. */
    boolean blameRequest() {
        return stops.blameRequest();
    }

    boolean hasUntried() {
        return route.hasOther(tried);
    }

    /** There is an instance that was not tried, and nothing speaks against it. */
    boolean hasUntriedUsable() {
        List<Instance> best = route.candidates().best(tried);
        return !best.isEmpty() && !best.getFirst().out();
    }

    /** One that has not left would be taken at once by a peer that was not tried. A secondary is for failures, not for load. */
    boolean mayMove() {
        if (everyOneTried || forbidden() || mustWait(service.repeats().ticker().nanos()) > 0 || !hasUntriedUsable()) {
            return false;
        }
        try {
            return route.choosePeer(tried) != null;
        } catch (RuntimeException e) {
            // a balancer's: it stays where it is
            return false;
        }
    }

    /** There are instances, and an operator took each out of service. */
    boolean allInMaintenance() {
        List<Instance> all = route.candidates().all();
        return !all.isEmpty()
                && all.stream().allMatch(instance -> instance.standing() == Instance.Standing.MAINTENANCE);
    }

    /** There are instances for another attempt, and each is at its limit. */
    boolean overloaded() {
        return unary && hasUntried();
    }

    /** An instance that was not tried; null when there is none, or those that are left are at their limits. */
    Instance chooseUntried() {
        return unary ? route.choose(tried, repeatable(), deadline) : route.choose(tried, repeatable());
    }

    /**
     * An instance for a hedge, counted and paid for as any repeat: one that was not tried and is as good as those that are tried
     * first (slowness is no reason for a secondary) or, {@code anywhere}, any that was not tried. Null when there is none, or
     * were enough, or as many are under way as there may be, or the budget is used up.
     */
    Instance chooseForHedge(boolean anywhere) {
        boolean pushedBack = pushback == Pushback.NEVER
                || mustWait(service.repeats().ticker().nanos()) > 0;
        Instance instance = enough || pushedBack ? null : another(anywhere);
        if (instance == null || !anywhere && !service.mayHedge() || !payForHedge()) {
            return null;
        }
        service.hedges().started();
        service.counts().hedge(Counts.Hedge.STARTED);
        return instance;
    }

    private Instance another(boolean anywhere) {
        try {
            return anywhere ? chooseUntried() : route.choosePeer(tried);
        } catch (RuntimeException e) {
            // a balancer's: the call goes on without, and the next first choice tells of it
            return null;
        }
    }

    /** Pays first: a call is looked at again and again while the budget is empty, and is not to use up its attempts by that. */
    private boolean payForHedge() {
        if (!pay()) {
            return false;
        }
        enough = nextWait(Outcome.cancelled()) < 0;
        return !enough;
    }

    /**
     * An instance that was not tried; else, when all were, any, and from then on they count as untried. Null when the service
     * has none, or those that are left are at their limits.
     */
    Instance choose() {
        Instance instance = chooseUntried();
        if (instance == null && !tried.isEmpty() && !overloaded()) {
            tried = List.of();
            everyOneTried = true;
            instance = chooseUntried();
        }
        return instance;
    }

    /** Counts a repeat. In milliseconds, how long to wait before it; negative when there were enough. */
    long nextWait(Outcome outcome) {
        if (series == null) {
            series = service.repeats().newSeries();
        }
        return series.onResult(outcome);
    }

    /** Takes a repeat from the service's budget. */
    boolean pay() {
        return service.repeats().budget().withdraw();
    }

    /** Returns what came of each attempt without success; empty where none was. */
    String told(boolean detailed) {
        return stops.told(detailed);
    }

    /**
     * Returns how the call ended, for its caller.
     *
     * @param because  why no other instance was tried, without the names of instances; null if nothing but the attempts says why
     * @param detailed the same, which may name them
     */
    Failure failure(Code code, String because, String detailed) {
        return new Failure(
                code, stops.brief(service, because, repeatable()), stops.tell(service, detailed, repeatable()));
    }
}
