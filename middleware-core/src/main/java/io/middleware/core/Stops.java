package io.middleware.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** A call's attempts without success, and the words for them. */
final class Stops {
    static final String MAY_HAVE_RUN = "it may have run, and may not be repeated";

    private List<Stop> stops = List.of();

    private record Stop(Instance instance, Outcome outcome) { }

    /** An attempt on it ended so. */
    void add(Instance instance, Outcome outcome) {
        if (stops.isEmpty()) {
            stops = new ArrayList<>(4);
        }
        stops.add(new Stop(instance, outcome));
    }

    int count() {
        return stops.size();
    }

    /**
     * One sentence: the service, each instance tried and why it did not answer, and why it was left at that.
     *
     * @param because null where nothing but the attempts says why
     */
    String tell(Service service, String because, boolean repeatable) {
        if (stops.isEmpty()) {
            return because != null ? because : service + " was not tried: no time was left";
        }
        Map<Instance, List<Outcome>> perInstance = new LinkedHashMap<>();
        stops.forEach(stop -> perInstance.computeIfAbsent(stop.instance, i -> new ArrayList<>()).add(stop.outcome));
        StringJoiner told = new StringJoiner("; ", service + " did not answer: ", "");
        perInstance.forEach((instance, outcomes) -> told.add(instance + " (" + instance.pool().name().toLowerCase(Locale.ROOT)
                + "): " + outcomes.getLast().inWords() + (outcomes.size() > 1 ? " (" + outcomes.size() + " times)" : "")));
        if (because != null) {
            return told + ". Not tried again: " + because;
        }
        return !repeatable && mayHaveRun() ? told + ". Note that " + MAY_HAVE_RUN : told.toString();
    }

    /** One of them may have executed it. */
    boolean mayHaveRun() {
        return stops.stream().anyMatch(stop -> stop.outcome.kind() != Outcome.Kind.UNSENT);
    }
}
