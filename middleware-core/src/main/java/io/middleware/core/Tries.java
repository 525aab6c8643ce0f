package io.middleware.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

import io.github.resilience4j.retry.Retry;

/** Where a call has been without success, and where it may go from there. */
final class Tries {
    static final String MAY_HAVE_RUN = "it may have run, and may not be repeated";

    private final Service service;
    private final boolean repeatable;
    private final boolean unary;
    private final boolean idempotencyKey;
    private final Deadline deadline;
    private List<Instance> tried = List.of();
    private List<Stop> stops = List.of();
    private Retry.AsyncContext<Outcome> series;
    private boolean enough;

    private record Stop(Instance instance, Outcome outcome) { }

    Tries(Service service, MethodTraits traits, boolean idempotencyKey, Deadline deadline) {
        this.service = service;
        this.repeatable = traits.repeatable();
        this.unary = traits.unary();
        this.idempotencyKey = idempotencyKey;
        this.deadline = deadline;
    }

    /** An attempt on it ended so, without success. */
    void add(Instance instance, Outcome outcome) {
        if (stops.isEmpty()) {
            stops = new ArrayList<>(4);
        }
        stops.add(new Stop(instance, outcome));
        exclude(instance);
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

    /** Attempts without success. */
    int count() {
        return stops.size();
    }

    /** The call may run more than once. */
    boolean repeatable() {
        return repeatable || idempotencyKey && service.honoursIdempotencyKeys();
    }

    boolean hasUntried() {
        return service.hasOther(tried);
    }

    /** There are instances for another attempt, and each is at its limit. */
    boolean overloaded() {
        return unary && hasUntried();
    }

    /** An instance that was not tried; null when there is none, or those that are left are at their limits. */
    Instance chooseUntried() {
        return unary ? service.choose(tried, deadline) : service.choose(tried);
    }

    /**
     * An instance for a hedge, counted and paid for as any repeat: one that was not tried and is as good as those that are tried
     * first (slowness is no reason for a secondary) or, {@code anywhere}, any that was not tried. Null when there is none, or
     * were enough, or as many are under way as there may be, or the budget is used up.
     */
    Instance chooseForHedge(boolean anywhere) {
        try {
            Instance instance = enough ? null : anywhere ? chooseUntried() : service.choosePeer(tried);
            if (instance != null && (anywhere || service.mayHedge()) && payForHedge()) {
                service.hedges().started();
                service.counts().hedge(Counts.Hedge.STARTED);
                return instance;
            }
        } catch (RuntimeException e) {
            // a balancer's: the call goes on without, and the next first choice tells of it
        }
        return null;
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
     * An instance that was not tried; else any, and from then on they count as untried. Null when the service
     * has none, or they are at their limits.
     */
    Instance choose() {
        Instance instance = chooseUntried();
        if (instance == null && !tried.isEmpty()) {
            tried = List.of();
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

    /** One sentence: the service, each instance tried and why it did not answer, and why it was left at that. */
    String tell(String because) {
        if (stops.isEmpty()) {
            return because != null ? because : service + " was not tried: no time was left";
        }
        Map<Instance, List<Stop>> perInstance = new LinkedHashMap<>();
        stops.forEach(stop -> perInstance.computeIfAbsent(stop.instance, i -> new ArrayList<>()).add(stop));
        StringJoiner told = new StringJoiner("; ", service + " did not answer: ", "");
        perInstance.forEach((instance, here) -> told.add(instance + " (" + instance.pool().name().toLowerCase(Locale.ROOT) + "): "
                + here.getLast().outcome.inWords() + (here.size() > 1 ? " (" + here.size() + " times)" : "")));
        if (because != null) {
            return told + ". Not tried again: " + because;
        }
        return mayHaveRun() ? told + ". Note that " + MAY_HAVE_RUN : told.toString();
    }

    /** And that matters to the caller. */
    private boolean mayHaveRun() {
        return !repeatable() && stops.stream().anyMatch(stop -> stop.outcome.kind() != Outcome.Kind.UNSENT);
    }
}
