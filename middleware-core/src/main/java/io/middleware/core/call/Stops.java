package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
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

    private record Stop(Instance instance, Outcome outcome) {}

    /** An attempt on it ended so. */
    void add(Instance instance, Outcome outcome) {
        if (stops.isEmpty()) {
            stops = new ArrayList<>(4);
        }
        stops.add(new Stop(instance, outcome));
    }

    /**
     * Returns the sentences that end a call: the service, how many instances were tried, and why no other was.
     *
     * @param because null where nothing but the attempts says why
     */
    String brief(Service service, String because, boolean repeatable) {
        long tried = stops.stream().map(Stop::instance).distinct().count();
        return stops.isEmpty()
                ? untried(service, because)
                : ending(
                        service + " did not answer (" + (tried == 1 ? "one instance" : tried + " instances")
                                + " tried)",
                        because,
                        repeatable);
    }

    /** Returns the same as {@link #brief}, but with each instance tried and why it did not answer. */
    String tell(Service service, String because, boolean repeatable) {
        if (stops.isEmpty()) {
            return untried(service, because);
        }
        Map<Instance, List<Outcome>> perInstance = new LinkedHashMap<>();
        stops.forEach(stop -> perInstance
                .computeIfAbsent(stop.instance, i -> new ArrayList<>())
                .add(stop.outcome));
        StringJoiner told = new StringJoiner("; ", service + " did not answer: ", "");
        perInstance.forEach((instance, outcomes) -> told.add(instance + " (" + pool(instance) + "): "
                + outcomes.getLast().inWords() + (outcomes.size() > 1 ? " (" + outcomes.size() + " times)" : "")));
        return ending(told.toString(), because, repeatable);
    }

    /**
     * Returns what came of each attempt, one after another: {@code unsent: UNAVAILABLE; answered: UNAVAILABLE}, in detail
     * {@code p1 (primary): answered UNAVAILABLE: full; p2 (primary): connection refused}.
     */
    String told(boolean detailed) {
        StringJoiner told = new StringJoiner("; ");
        stops.forEach(stop -> told.add(
                detailed
                        ? stop.instance + " (" + pool(stop.instance) + "): " + stop.outcome.inWords()
                        : stop.outcome.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": "
                                + stop.outcome.code()));
        return told.toString();
    }

    private static String pool(Instance instance) {
        return instance.pool().name().toLowerCase(Locale.ROOT);
    }

    private static String untried(Service service, String because) {
        return because != null ? because : service + " was not tried: no time was left";
    }

    private String ending(String attempts, String because, boolean repeatable) {
        if (because != null) {
            return attempts + ". Not tried again: " + because;
        }
        return !repeatable && mayHaveRun() ? attempts + ". Note that " + MAY_HAVE_RUN : attempts;
    }

    /** The request is what breaks connections, as far as can be told: it was on two that ended for such a reason. */
    boolean blameRequest() {
        return stops.stream()
                        .filter(stop -> stop.outcome.blamesRequest())
                        .limit(2)
                        .count()
                == 2;
    }

    /** One of them may have executed it. */
    boolean mayHaveRun() {
        return stops.stream().anyMatch(stop -> stop.outcome.kind() != Outcome.Kind.UNSENT);
    }
}
