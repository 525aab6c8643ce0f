package io.middleware.chaos.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** The result of the matrix as a whole. */
record Verdict(MatrixReport report) {

    private static final int MOST_REASONS = 5;

    /** Returns whether no call was lost, none ran twice, and all rows that this machine allows were run. */
    boolean good() {
        return broken().isEmpty() && rows(NotRun.class).stream().noneMatch(NotRun::possible);
    }

    String text() {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        for (Result result : broken()) {
            text.add(name(result) + ": " + String.join("; ", result.shortOf(report.normal())));
            Stream.concat(result.calls().lost().calls().stream(), result.lostSignatures().stream())
                    .map(call -> "  " + call.kind() + " " + call.reply().error())
                    .distinct()
                    .limit(MOST_REASONS)
                    .forEach(text::add);
        }
        text.add(broken().isEmpty() ? "No call was lost, and none ran twice." : "A call was lost or ran twice.");
        List<Result> played = rows(Result.class);
        long late = played.stream()
                .filter(result ->
                        !result.broken() && !result.shortOf(report.normal()).isEmpty())
                .count();
        if (late > 0) {
            text.add(late + " of " + played.size() + " rows missed another goal.");
        }
        rows(NotRun.class).forEach(row -> text.add(name(row) + ", " + row.text()));
        return text.toString();
    }

    private List<Result> broken() {
        List<Result> broken = new ArrayList<>(rows(Result.class));
        broken.addFirst(report.normal());
        broken.removeIf(result -> !result.broken());
        return broken;
    }

    private <R extends Row> List<R> rows(Class<R> which) {
        return report.rows().stream().filter(which::isInstance).map(which::cast).toList();
    }

    private static String name(Row row) {
        return row.fault().id() + ", " + row.fault().what();
    }
}
