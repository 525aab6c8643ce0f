package io.middleware.chaos.demo;

import java.util.ArrayList;
import java.util.List;

/** The verdicts of all acts as a table, a line for each. */
record VerdictTable(Texts texts) {

    String of(List<Verdict> verdicts) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                texts.of("table.act"),
                texts.of("table.calls"),
                texts.of("table.lost"),
                texts.of("table.slowest"),
                texts.of("table.noticed"),
                texts.of("table.back")));
        for (Verdict verdict : verdicts) {
            rows.add(List.of(
                    texts.title(verdict.act()),
                    Integer.toString(verdict.calls()),
                    Integer.toString(verdict.lost()),
                    texts.time(verdict.window().slowest()),
                    texts.time(verdict.noticed()),
                    texts.time(verdict.back())));
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                table.append(pad(row.get(column), width(rows, column), column == 0));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String pad(String text, int width, boolean left) {
        String space = " ".repeat(width - text.length());
        return left ? text + space : "  " + space + text;
    }
}
