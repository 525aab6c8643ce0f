package io.middleware.gateway.recorder;

import io.middleware.core.StickyRule;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.Comparison;
import io.middleware.core.balancing.Ranking;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.PeakEwma;
import io.middleware.core.instance.Room;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.List;

/** Tells how an instance was chosen: who was known, who was left out and why, and what the balancer compared. */
final class ChoiceNarrator {
    private final Words words;

    /** Takes a sentence; {@code file}: below the core. */
    interface Sink {
        void add(String concept, String file, String key, Object... values);
    }

    ChoiceNarrator(Words words) {
        this.words = words;
    }

    void tell(Step.Chosen step, Sink sink) {
        List<String> leftOut = LeftOut.of(step).stream()
                .map(left -> left.instance().id() + " ("
                        + words.text("left." + left.why(), words.translated("words", left.detail())) + ")")
                .toList();
        List<String> candidates =
                new ArrayList<>(step.figures().stream().map(this::load).toList());
        int more = step.choice().candidates().size() - candidates.size();
        if (more > 0) {
            candidates.add(words.text("more", more));
        }
        int known = step.tiers().standings().size();
        sink.add(
                "directory",
                "directory/Tiers.java",
                candidates.isEmpty() ? "chosen.none" : leftOut.isEmpty() ? "chosen.all" : "chosen.some",
                known,
                words.list(candidates),
                words.list(leftOut));
        StickyRule missing = step.choice().missingKey();
        if (missing != null && step.choice().candidates().size() > 1) {
            sink.add("balancer", "call/Failover.java", "choice.keyless", where(missing));
        }
        Comparison comparison = step.choice().comparison();
        Ranking ranking = step.choice().ranking();
        Instance chosen = step.choice().chosen();
        if (chosen == null) {
            tellFull(step.choice(), sink);
        } else if (ranking != null) {
            tell(ranking, sink);
        } else if (comparison != null) {
            tell(comparison, sink);
        } else if (step.choice().candidates().size() > 1) {
            sink.add("balancer", "balancing/Balancer.java", "choice.own", chosen.id());
        }
    }

    private void tellFull(Choice choice, Sink sink) {
        if (!choice.rooms().isEmpty()) {
            List<String> rooms = choice.rooms().stream().map(this::room).toList();
            String priority = words.text("priority." + choice.rooms().getFirst().priority());
            sink.add("overload", "instance/Limits.java", "choice.none.priority", priority, words.list(rooms));
        } else if (!choice.full().isEmpty()) {
            sink.add("overload", "instance/ConcurrencyLimit.java", "choice.none");
        }
    }

    private String room(Room room) {
        return words.text(
                room.tooLate() ? "room.late" : "room",
                room.instance().id(),
                room.inFlight(),
                room.limit(),
                words.time(room.waitNanos()),
                words.time(Math.max(0, (double) room.leftNanos())));
    }

    private void tell(Ranking ranking, Sink sink) {
        List<String> busy = ranking.busy().stream()
                .map(before -> words.text("busy", before.instance().id(), before.inFlight(), before.most()))
                .toList();
        sink.add(
                "balancer",
                "balancing/Rendezvous.java",
                busy.isEmpty() ? "choice.key" : "choice.key.busy",
                where(ranking.rule()),
                ranking.chosen().id(),
                ranking.rank(),
                ranking.of(),
                words.list(busy));
    }

    private String where(StickyRule rule) {
        return words.text("sticky." + rule.source(), rule.name());
    }

    private void tell(Comparison comparison, Sink sink) {
        sink.add(
                "balancer",
                "balancing/PowerOfTwoChoices.java",
                comparison.failsMore()
                        ? "choice.failing"
                        : comparison.comparesLatency() ? "choice.latency" : "choice.calls",
                comparison.first().instance().id(),
                cost(comparison, comparison.firstCost()),
                comparison.second().instance().id(),
                cost(comparison, comparison.secondCost()),
                comparison.chosen().id());
    }

    private String cost(Comparison comparison, double cost) {
        return comparison.comparesLatency() ? words.time(cost) : words.figure(cost);
    }

    private String load(Comparison.Figures figures) {
        String load = words.text(
                figures.latency() == PeakEwma.UNKNOWN ? "load.new" : "load",
                figures.instance().id(),
                figures.inFlight(),
                words.time(figures.latency()));
        return figures.times() > 1 ? words.text("load.times", load, words.figure(figures.times())) : load;
    }
}
