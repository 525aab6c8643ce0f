package io.middleware.chaos.matrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/**
 * The matrix as people and programs read it.
 *
 * @param normal      the run without a fault
 * @param differences what is not usual of the stack, which the rows suppose
 */
record MatrixReport(Result normal, List<? extends Row> rows, List<String> differences) {

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
            "short of its goal");

    /** A table of Markdown, the run without a fault first. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        if (!differences.isEmpty()) {
            text.append("Not as usual: ").append(String.join("; ", differences)).append(".\n\n");
        }
        text.append(line(HEAD)).append("|---".repeat(HEAD.size())).append("|\n").append(row(normal));
        rows.forEach(row -> text.append(row(row)));
        return text.toString();
    }

    /** One row of it. */
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
        cells.set(HEAD.size() - 1, notRun.inWords());
        return line(cells);
    }

    private String row(Result result) {
        Signatures signed = result.signatures();
        return line(List.of(
                result.fault().id(),
                result.fault().what(),
                number(result.calls().count()),
                number(result.lost()),
                result == normal ? "(" + millis(result.calls().slowest()) + ")" : millis(result.aboveNormal(normal)),
                goal(result.fault().goal()),
                number(result.calls().over100ms()),
                millis(result.calls().percentile(99.9)),
                String.format(Locale.ROOT, "%.2f", result.calls().attemptsPerCall()),
                others(result),
                time(result.avoided()),
                time(result.back()),
                number(signed.calls()),
                signed.lost() + ", " + signed.mayHaveRun(),
                number(signed.ranTwice()),
                String.join("; ", result.shortOf(normal))));
    }

    String json() {
        List<Map<String, Object>> faults = new ArrayList<>();
        faults.add(fields(normal));
        rows.forEach(row -> faults.add(fields(row)));
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("notAsUsual", differences);
        report.put("faults", faults);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report);
    }

    private Map<String, Object> fields(Row row) {
        return switch (row) {
            case Result result -> fields(result);
            case NotRun notRun -> fields(notRun);
        };
    }

    private static Map<String, Object> fields(NotRun notRun) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", notRun.fault().id());
        fields.put("fault", notRun.fault().what());
        fields.put("possible", notRun.possible());
        fields.put("unplayedBecause", notRun.because());
        return fields;
    }

    private Map<String, Object> fields(Result result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", result.fault().id());
        fields.put("fault", result.fault().what());
        fields.put("calls", result.calls().count());
        fields.put("lost", result.lost());
        fields.put(
                "lostBecause",
                result.calls().lost().calls().stream()
                        .map(call -> call.reply().error())
                        .distinct()
                        .toList());
        fields.put("slowestMicros", result.calls().slowest());
        fields.put("aboveNormalMicros", result.aboveNormal(normal));
        fields.put("p999Micros", result.calls().percentile(99.9));
        fields.put("over100ms", result.calls().over100ms());
        fields.put("attemptsPerCall", result.calls().attemptsPerCall());
        fields.put("overload", result.overload());
        fields.put("failedByServer", result.failedByServer());
        fields.put(
                "avoidedAfterMicros",
                result.avoided().isPresent() ? result.avoided().getAsLong() : null);
        fields.put(
                "usedAgainAfterMicros",
                result.back().isPresent() ? result.back().getAsLong() : null);
        fields.put("signatures", result.signatures());
        fields.put("bySecondaries", result.fallbacks());
        fields.put("shortOf", result.shortOf(normal));
        return fields;
    }

    private static String goal(Fault.Goal goal) {
        if (goal.aboveNormalMillis() > 0) {
            return goal.aboveNormalMillis() + " ms";
        }
        if (goal.p999Millis() > 0) {
            return "p99.9 " + goal.p999Millis() + " ms";
        }
        if (goal.servedPerSecond() > 0) {
            return Math.round(goal.servedPerSecond()) + "/s served";
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
                        millis(overload.refusedWithin()));
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
