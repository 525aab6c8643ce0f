package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The alarms are told, each with what to do, and fire when they must and at no other time. */
class AlarmsTest {
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern FIRES = Pattern.compile("alertname: (\\w+)$");
    private static final Pattern IS_SILENT = Pattern.compile("alertname: (\\w+), exp_alerts: \\[]");

    private final List<String> rules = Document.read("observability/alerts.yml").lines();

    @Test
    void eachAlarm_isTold() {
        List<List<String>> rows = Document.read("docs/operations/metrics.md").rows("## Alarms", "alarm");

        assertThat(rows).extracting(List::getFirst).containsExactlyElementsOf(alarms());
        assertThat(rows).allSatisfy(row -> assertThat(row.getLast()).isNotBlank());
    }

    @Test
    void eachAlarm_isTriedBothWays() {
        List<String> tests = Document.read("observability/alerts.test.yml").lines();

        assertThat(found(FIRES, tests)).containsExactlyInAnyOrderElementsOf(alarms());
        assertThat(found(IS_SILENT, tests)).containsExactlyInAnyOrderElementsOf(alarms());
    }

    @ParameterizedTest
    @ValueSource(strings = {"test rules alerts.test.yml", "check rules alerts.yml", "check config prometheus.yml"})
    void promtool_findsNothingWrong(String command) {
        Optional<Path> promtool = Observability.promtool();
        assumeThat(promtool)
                .as("there is no promtool that knows Consul, neither on the PATH nor by ./stack tool prometheus")
                .isPresent();

        Shell.Result result = Observability.promtool(promtool.orElseThrow(), command.split(" "));

        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("SUCCESS");
    }

    private List<String> alarms() {
        List<String> alarms = Document.found(ALERT, rules).toList();
        assertThat(alarms).hasSizeGreaterThan(7);
        return alarms;
    }

    private static Set<String> found(Pattern pattern, List<String> lines) {
        return Document.found(pattern, lines).collect(Collectors.toSet());
    }
}
