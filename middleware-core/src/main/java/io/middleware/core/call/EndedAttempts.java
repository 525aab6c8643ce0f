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
import org.jspecify.annotations.Nullable;

/** The attempts of a call that ended without success, and how to say it to its caller. */
final class EndedAttempts {
    private List<Ended> ended = List.of();

    private record Ended(Instance instance, Outcome outcome) {}

    void add(Instance instance, Outcome outcome) {
        if (ended.isEmpty()) {
            ended = new ArrayList<>(4);
        }
        ended.add(new Ended(instance, outcome));
    }

    /** Returns whether one of them may have executed the call. */
    boolean mayHaveRun() {
        return ended.stream().anyMatch(attempt -> attempt.outcome.kind() != Outcome.Kind.UNSENT);
    }

    /** Returns whether two of them ended because of the request; then it is presumed to break connections. */
    boolean requestBlamedTwice() {
        return ended.stream()
                        .filter(attempt -> attempt.outcome.blamesRequest())
                        .limit(2)
                        .count()
                == 2;
    }

    /**
     * Returns how each of them ended, in order: {@code unsent: UNAVAILABLE; answered: UNAVAILABLE}; empty if there was none.
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
     * Returns the same in a sentence, once for each instance.
     *
     * @param detailed with the names of instances
     * @param reason   why there was no other attempt; null if the attempts themselves say it
     */
    String inWords(Service service, boolean detailed, @Nullable String reason) {
        if (ended.isEmpty()) {
            return reason == null ? service + " was not tried: no time was left" : reason;
        }
        Map<Instance, List<Outcome>> perInstance = new LinkedHashMap<>();
        ended.forEach(attempt -> perInstance
                .computeIfAbsent(attempt.instance, instance -> new ArrayList<>())
                .add(attempt.outcome));
        String tried = detailed ? each(service, perInstance) : service + " gave no response " + number(perInstance);
        return reason == null ? tried : tried + ". Not retried: " + reason;
    }

    private static String number(Map<Instance, List<Outcome>> perInstance) {
        return "(" + (perInstance.size() == 1 ? "one instance" : perInstance.size() + " instances") + " tried)";
    }

    private static String each(Service service, Map<Instance, List<Outcome>> perInstance) {
        StringJoiner each = new StringJoiner("; ", service + " gave no response: ", "");
        perInstance.forEach((instance, outcomes) -> each.add(describe(instance, outcomes.getLast())
                + (outcomes.size() > 1 ? " (" + outcomes.size() + " times)" : "")));
        return each.toString();
    }

    private static String describe(Instance instance, Outcome outcome) {
        return instance + " (" + instance.pool().name().toLowerCase(Locale.ROOT) + "): " + outcome.inWords();
    }
}
