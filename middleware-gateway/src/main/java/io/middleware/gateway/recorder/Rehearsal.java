package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.call.Replay;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays the decisions of all kept calls again, by the code that made them.
 *
 * @param calls       the calls that were played
 * @param decisions   the decisions and choices in them
 * @param differences those that came out differently; of {@value #MOST_SHOWN} calls at most
 * @param different   how many calls have one
 * @param silent      the gateways that did not respond, so that their calls are missing
 * @param withheld    those whose calls are missing as they did not get the asker's credentials
 */
record Rehearsal(
        int calls,
        int decisions,
        int different,
        List<Difference> differences,
        List<String> silent,
        List<String> withheld) {
    private static final int MOST_SHOWN = 20;

    Rehearsal {
        differences = differences == null ? List.of() : differences;
        silent = silent == null ? List.of() : silent;
        withheld = withheld == null ? List.of() : withheld;
    }

    /** A call whose decision came out differently. */
    record Difference(String id, String recorded, String now) {}

    static Rehearsal of(List<KeptCall> calls, Settings settings) {
        Replay replay = new Replay(settings);
        List<Difference> differences = new ArrayList<>();
        int decisions = 0;
        int different = 0;
        for (KeptCall call : calls) {
            decisions += (int) call.record().steps().stream()
                    .filter(step -> step instanceof Step.Decided || step instanceof Step.Chosen)
                    .count();
            Replay.Difference found = replay.firstDifference(call.record());
            if (found != null) {
                different++;
                if (differences.size() < MOST_SHOWN) {
                    differences.add(new Difference(
                            call.id(), found.step().toString(), found.now().toString()));
                }
            }
        }
        return new Rehearsal(calls.size(), decisions, different, List.copyOf(differences), List.of(), List.of());
    }

    /** Returns the sum of both. */
    Rehearsal and(Rehearsal other) {
        List<Difference> both = new ArrayList<>(differences);
        both.addAll(other.differences);
        return new Rehearsal(
                calls + other.calls,
                decisions + other.decisions,
                different + other.different,
                List.copyOf(both),
                silent,
                withheld);
    }

    /** Returns the same, without the calls of these gateways. */
    Rehearsal without(Missing missing) {
        return new Rehearsal(calls, decisions, different, differences, missing.silent(), missing.withheld());
    }

    String inWords(String language) {
        Words words = new Words(language);
        StringBuilder text = new StringBuilder(words.text("replay", decisions, calls, different)).append('\n');
        differences.forEach(each -> text.append(words.text("replay.difference", each.id(), each.recorded(), each.now()))
                .append('\n'));
        new Missing(silent, withheld).appendTo(text, words);
        return text.toString();
    }
}
