package io.middleware.chaos.prove.report;

import io.middleware.chaos.prove.check.Figures;
import java.util.ArrayList;
import java.util.List;

/** The figures of a proof, one a row: what is counted, and how many. */
final class FigureRows {

    private FigureRows() {}

    static List<List<String>> of(Figures figures, Texts texts) {
        List<List<String>> rows = new ArrayList<>();
        add(rows, texts, "unmarked", figures.unmarked());
        add(rows, texts, "unmarked.ok", figures.unmarkedOk());
        add(rows, texts, "unmarked.not", figures.notExecuted());
        add(rows, texts, "unmarked.unknown", figures.unknown());
        add(rows, texts, "unmarked.unknown.executed", figures.unknownExecuted());
        if (figures.keyed() > 0) {
            add(rows, texts, "keyed", figures.keyed());
            add(rows, texts, "keyed.first", figures.keyedAtFirst());
            add(rows, texts, "keyed.later", figures.keyedOk() - figures.keyedAtFirst());
            add(rows, texts, "keyed.never", figures.keyedWithout());
            add(rows, texts, "keyed.not", figures.keyedNotExecuted());
            add(rows, texts, "keyed.repeats", figures.repeats());
            add(rows, texts, "keyed.replayed", figures.replayed());
        }
        if (figures.marked() > 0) {
            add(rows, texts, "marked", figures.marked());
            add(rows, texts, "marked.lost", figures.markedLost());
        }
        add(rows, texts, "executions", figures.executions());
        return rows;
    }

    private static void add(List<List<String>> rows, Texts texts, String key, int number) {
        rows.add(List.of(texts.of("figure." + key), texts.of("number", number)));
    }
}
