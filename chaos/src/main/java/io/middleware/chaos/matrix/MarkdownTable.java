package io.middleware.chaos.matrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The report as a table of Markdown, for people. */
record MarkdownTable(MatrixReport report) {

    private static final List<String> HEAD = List.of(
            "#",
            "fault",
            "calls",
            "lost",
            "slowest above normal",
            "goal",
            "over 100 ms",
            "p99.9",
            "attempts a call",
            "served; refused; failed",
            "avoided after",
            "used again after",
            "signed",
            "lost, of them may have run",
            "ran twice",
            "signed with keys",
            "lost with keys",
            "ran twice with keys",
            "short of its goal");

    /** Returns the whole table, the run without a fault first. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (!report.differences().isEmpty()) {
            text.append("Not as usual: ")
                    .append(String.join("; ", report.differences()))
                    .append(".\n\n");
        }
        text.append(line(HEAD)).append("|---".repeat(HEAD.size())).append("|\n").append(row(report.normal()));
        report.rows().forEach(row -> text.append(row(row)));
        return text.toString();
    }

    /** Returns one row of it. */
    String row(Row row) {
        return switch (row) {
            case Result result -> row(result);
            case NotRun notRun -> row(notRun);
        };
    }

    private static String row(NotRun notRun) {
        List<String> cells = new ArrayList<>(Collections.nCopies(HEAD.size(), ""));
        cells.set(0, notRun.fault().id());
        cells.set(1, notRun.fault().what());
        cells.set(HEAD.indexOf("goal"), goal(notRun.fault().goal()));
        cells.set(HEAD.size() - 1, notRun.text());
        return line(cells);
    }

    private String row(Result result) {
        Signatures signed = result.signatures();
        return line(List.of(
                result.fault().id(),
                result.fault().what(),
                number(result.calls().count()),
                number(result.lost()),
                result == report.normal()
                        ? "(" + millis(result.calls().slowest()) + ")"
                        : millis(result.aboveNormal(report.normal())),
                goal(result.fault().goal()),
                number(result.calls().over100ms()),
                millis(result.calls().percentile(99.9)),
                String.format(Locale.ROOT, "%.2f", result.calls().attemptsPerCall()),
                others(result),
                time(result.avoided()),
                time(result.usedAgain()),
                number(signed.calls()),
                signed.lost() + ", " + signed.mayHaveRun(),
                number(signed.ranTwice()),
                number(result.keyed().calls()),
                number(result.keyed().lost()),
                number(result.keyed().ranTwice()),
                String.join("; ", result.shortOf(report.normal()))));
    }

    private static String goal(Fault.Goal goal) {
        if (goal.aboveNormalMillis() > 0) {
            return goal.aboveNormalMillis() + " ms";
        }
        if (goal.p999Millis() > 0) {
            return "p99.9 " + goal.p999Millis() + " ms";
        }
        if (goal.servedPerSecond() > 0) {
            return Math.round(goal.servedPerSecond()) + "/s served"
                    + (goal.criticalShare() == 0
                            ? ""
                            : ", " + Math.round(100 * goal.criticalShare()) + " % of the critical");
        }
        if (goal.failingShare() > 0) {
            return Math.round(100 * goal.failingShare()) + " % failed";
        }
        return goal.attemptsPerCall() > 0 ? "attempts " + goal.attemptsPerCall() : "";
    }

    private static String others(Result result) {
        return result.fault().goal().failingShare() > 0
                ? result.failedByServer() + " failed"
                : overload(result.overload());
    }

    private static String overload(Overload overload) {
        return overload.equals(Overload.NONE)
                ? ""
                : String.format(
                                Locale.ROOT,
                                "%.0f/s; %d within %s",
                                overload.servedPerSecond(),
                                overload.refused(),
                                millis(overload.refusedWithin()))
                        + priorities(overload.priorities());
    }

    private static String priorities(Priorities served) {
        return served.equals(Priorities.ALIKE)
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; served of the critical %.1f %%, of the others %.0f %%",
                        100 * served.critical(),
                        100 * served.others());
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String number(long number) {
        return Long.toString(number);
    }

    private static String time(OptionalLong micros) {
        return micros.isPresent() ? millis(micros.getAsLong()) : "";
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.0f ms", micros / 1e3);
    }
}
