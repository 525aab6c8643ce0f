package io.middleware.chaos.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verdicts of all acts as a table, a line for each. */
record VerdictTable(Texts texts) {

    String of(List<Verdict> verdicts) {
        List<List<String>> rows = rows(verdicts);
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                table.append(pad(row.get(column), width(rows, column), column == 0));
            }
            table.append('\n');
        }
        return table.toString();
    }

    /** Returns its cells, the head first. Verdicts without the middleware are on the right. */
    List<List<String>> rows(List<Verdict> verdicts) {
        List<List<String>> rows = new ArrayList<>();
        boolean contrast =
                verdicts.stream().anyMatch(verdict -> verdict.without().isPresent());
        rows.add(texts("act", "calls", "lost", "slowest", "noticed", "back"));
        if (contrast) {
            rows.getFirst().addAll(texts("without.lost", "without.slowest", "without.back"));
        }
        for (Verdict verdict : verdicts) {
            List<String> row = new ArrayList<>(List.of(
                    texts.title(verdict.act()),
                    Integer.toString(verdict.calls()),
                    Integer.toString(verdict.lost()),
                    texts.time(verdict.window().slowest()),
                    texts.time(verdict.noticed()),
                    texts.time(verdict.back())));
            verdict.without()
                    .ifPresent(without -> row.addAll(List.of(
                            Integer.toString(without.lost()),
                            texts.time(without.window().slowest()),
                            texts.time(without.back()))));
            rows.add(row);
        }
        return rows;
    }

    private List<String> texts(String... columns) {
        return Stream.of(columns)
                .map(column -> texts.of("table." + column))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String pad(String text, int width, boolean left) {
        String space = " ".repeat(width - text.length());
        return left ? text + space : "  " + space + text;
    }
}
