package io.middleware.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.resilience4j.retry.Retry;

/** Where a call has been without success, and where it may go from there. */
final class Tries {
    private final Service service;
    private final boolean repeatable;
    private final boolean idempotencyKey;
    private List<Instance> tried = List.of();
    private Stop last;
    private Retry.AsyncContext<Outcome> series;

    /** The latest first; {@code before} is null at the first. */
    private record Stop(Stop before, Instance instance, Outcome outcome) { }

    Tries(Service service, MethodTraits traits, boolean idempotencyKey) {
        this.service = service;
        this.repeatable = traits.repeatable();
        this.idempotencyKey = idempotencyKey;
    }

    void add(Instance instance, Outcome outcome) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(4);
        }
        tried.add(instance);
        last = new Stop(last, instance, outcome);
    }

    /** The latest instance tried; null when there was none. */
    Instance last() {
        return last == null ? null : last.instance;
    }

    /** The call may run more than once. */
    boolean repeatable() {
        return repeatable || idempotencyKey && service.honoursIdempotencyKeys();
    }

    boolean hasUntried() {
        return !service.candidates().best(tried).isEmpty();
    }

    /** An instance that was not tried; else any, and from then on they count as untried. Null when the service has none. */
    Instance choose() {
        Instance instance = service.choose(tried);
        if (instance == null && !tried.isEmpty()) {
            tried = List.of();
            instance = service.choose(tried);
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
        if (last == null) {
            return because != null ? because : service + " was not tried: no time was left";
        }
        StringBuilder told = new StringBuilder();
        for (Stop stop = last; stop != null; stop = stop.before) {
            String pool = stop.instance.pool().name().toLowerCase(Locale.ROOT);
            told.insert(0, "; " + stop.instance.id() + " (" + pool + "): " + stop.outcome.inWords());
        }
        told.replace(0, 2, service + " did not answer: ");
        return because == null ? told.toString() : told + ". Not tried again: " + because;
    }
}
