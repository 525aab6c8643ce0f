package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus beside the stack: it finds all parts, fills each panel of the dashboard, and raises alarms. */
@ExtendWith(RunningStack.class)
class ObservabilityIT {
    private static final String PROMETHEUS = "http://127.0.0.1:" + (9490 + Stack.OFFSET);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final Stack stack;

    ObservabilityIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeEach
    void startPrometheus() {
        Shell.Result started = stack.run("scale", "prometheus", "1");
        assumeThat(started.err())
                .as("a Prometheus can be had")
                .doesNotContain("There is no Prometheus", "not possible");
        assertThat(started.exit()).as(started.err()).isZero();
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    @AfterAll
    static void endPrometheus() {
        new Stack().run("scale", "prometheus", "0");
    }

    @Test
    void everyGatewayAndServer_isFoundInConsul() {
        Set<String> parts = StreamSupport.stream(stack.status().get("parts").spliterator(), false)
                .filter(part -> part.get("kind").asString().matches("gateway|service"))
                .map(part -> part.get("name").asString())
                .collect(Collectors.toSet());
        assertThat(parts).hasSizeGreaterThan(5);

        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(up()).isEqualTo(ones(parts)));
    }

    @Test
    void afterAKillUnderLoad_eachPanelShowsSomething_andAlarmsFire() throws InterruptedException {
        try (BackgroundCalls calls = new BackgroundCalls()) {
            Awaitility.await("calls are read twice")
                    .atMost(LIMIT)
                    .until(() -> value("sum(rate(middleware_calls_seconds_count[15s]))") > 10);
            stack.runs("kill", "hello-service-1");
            Awaitility.await("the kill shows")
                    .atMost(LIMIT)
                    .until(() -> value(
                                            "max(middleware_instance_state{server=\"hello-service-1\",state=~\"ejected|failing\"})")
                                    == 1
                            && value("sum(increase(middleware_ejections_total[1m]))") > 0);
            assertThat(Observability.queries())
                    .hasSizeGreaterThan(20)
                    .allSatisfy(query -> Awaitility.await(query.toString())
                            .atMost(LIMIT)
                            .untilAsserted(() -> assertThat(result(query.expression()))
                                    .as(query.expression())
                                    .isNotEmpty()));
            calls.endWithNothingLost();
        }
        awaitAlarm("MiddlewareDown", "hello-service-1 is registered in Consul, and does not respond");
        awaitAlarm("MiddlewareInstancesMissing", "hello-service has 3 usable instances");

        stack.runs("start", "hello-service-1");

        Awaitility.await("alarms end").atMost(LIMIT).until(() -> firing().isEmpty());
    }

    private static void awaitAlarm(String name, String summary) {
        Awaitility.await(name)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(firing())
                        .hasEntrySatisfying(name, said -> assertThat(said).contains(summary)));
    }

    /** The alarms that fire, with what they say. */
    private static Map<String, String> firing() {
        JsonNode alerts = ask("/api/v1/alerts").at("/data/alerts");
        return StreamSupport.stream(alerts.spliterator(), false)
                .filter(alert -> alert.get("state").asString().equals("firing"))
                .collect(Collectors.toMap(
                        alert -> alert.at("/labels/alertname").asString(),
                        alert -> alert.at("/annotations/summary").asString(),
                        (one, other) -> one + "; " + other));
    }

    private static Map<String, Double> up() {
        return StreamSupport.stream(result("up").spliterator(), false)
                .collect(Collectors.toMap(
                        series -> series.at("/metric/instance").asString(),
                        series -> Double.valueOf(series.at("/value/1").asString())));
    }

    private static Map<String, Double> ones(Set<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, name -> 1.0));
    }

    /** The value of the first series; 0 if there is none. */
    private static double value(String expression) {
        JsonNode result = result(expression);
        return result.isEmpty() ? 0 : Double.parseDouble(result.at("/0/value/1").asString());
    }

    private static JsonNode result(String expression) {
        JsonNode response = ask("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(response.get("status").asString())
                .as("%s: %s", expression, response)
                .isEqualTo("success");
        return response.at("/data/result");
    }

    private static JsonNode ask(String path) {
        return JSON.readTree(Stack.body(PROMETHEUS + path));
    }
}
