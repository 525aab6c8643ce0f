package io.middleware.chaos.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The report as JSON, for programs. */
record JsonReport(MatrixReport report) {

    String text() {
        List<Map<String, Object>> faults = new ArrayList<>();
        faults.add(fields(report.normal()));
        report.rows().forEach(row -> faults.add(fields(row)));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("notAsUsual", report.differences());
        root.put("faults", faults);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
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
        fields.put("aboveNormalMicros", result.aboveNormal(report.normal()));
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
                result.usedAgain().isPresent() ? result.usedAgain().getAsLong() : null);
        fields.put("signatures", result.signatures());
        fields.put("signaturesWithKeys", result.keyed());
        fields.put("bySecondaries", result.fallbacks());
        fields.put("shortOf", result.shortOf(report.normal()));
        return fields;
    }
}
