package io.middleware.chaos.prove.report;

import io.middleware.chaos.prove.check.Figures;
import io.middleware.chaos.prove.check.Judgement;
import io.middleware.chaos.prove.check.Rule;
import io.middleware.chaos.prove.check.Violation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A proof for the terminal: figures, the first calls that break a rule, and one sentence. */
public final class ProofText {

    private static final int MOST_SHOWN = 5;

    private ProofText() {}

    /** @param faults number of faults meanwhile */
    public static String of(Judgement judgement, int faults, Texts texts) {
        StringBuilder text = new StringBuilder();
        FigureRows.of(judgement.figures(), texts)
                .forEach(row -> text.append(String.format("%9s  %s%n", row.getLast(), row.getFirst())));
        List<Violation> shown = shown(judgement.violations());
        shown.forEach(violation -> append(text, violation, texts));
        int more = judgement.violations().size() - shown.size();
        if (more > 0) {
            text.append('\n').append(texts.of("violations.more", more)).append('\n');
        }
        return text.append('\n')
                .append(sentence(judgement, faults, texts))
                .append('\n')
                .toString();
    }

    /** Returns the first of each rule, and then as many of the others as there is room for. */
    private static List<Violation> shown(List<Violation> violations) {
        Set<Rule> seen = EnumSet.noneOf(Rule.class);
        List<Violation> shown = new ArrayList<>(
                violations.stream().filter(each -> seen.add(each.rule())).toList());
        for (Violation each : violations) {
            if (shown.size() < MOST_SHOWN && !shown.contains(each)) {
                shown.add(each);
            }
        }
        return shown;
    }

    /** Returns what a run proves, or that it proves nothing. */
    static String sentence(Judgement judgement, int faults, Texts texts) {
        Figures figures = judgement.figures();
        if (judgement.proved()) {
            String proved = texts.of(figures.keyed() > 0 ? "proved" : "proved.without-keys", figures.calls(), faults);
            return figures.mostSucceeded()
                    ? proved
                    : proved + " " + texts.of("little", figures.succeededAtOnce(), figures.operations());
        }
        return judgement.violations().isEmpty()
                ? texts.of("nothing")
                : texts.of(
                        "refuted",
                        figures.calls(),
                        faults,
                        judgement.violations().size());
    }

    private static void append(StringBuilder text, Violation violation, Texts texts) {
        text.append('\n').append(ViolationText.title(violation, texts)).append('\n');
        ViolationText.lines(violation, texts)
                .forEach(line -> text.append("  ").append(line).append('\n'));
    }
}
