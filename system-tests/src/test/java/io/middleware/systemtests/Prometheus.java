package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Prometheus beside the stack. */
final class Prometheus {
    /** For what it reads and evaluates every few seconds. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String ADDRESS = "http://127.0.0.1:" + (9490 + Stack.OFFSET);
    private static final JsonMapper JSON = new JsonMapper();

    private Prometheus() {}

    /** Starts it. Leaves out the test where there is none. */
    static void start(Stack stack) {
        Shell.Result started = stack.run("scale", "prometheus", "1");
        assumeThat(started.err())
                .as("a Prometheus can be had")
                .doesNotContain("There is no Prometheus", "not possible");
        assertThat(started.exit()).as(started.err()).isZero();
    }

    static void end(Stack stack) {
        stack.run("scale", "prometheus", "0");
    }

    /** Returns the alarms that fire, with what they say. */
    static Map<String, String> firing() {
        JsonNode alerts = ask("/api/v1/alerts").at("/data/alerts");
        return StreamSupport.stream(alerts.spliterator(), false)
                .filter(alert -> alert.get("state").asString().equals("firing"))
                .collect(Collectors.toMap(
                        alert -> alert.at("/labels/alertname").asString(),
                        alert -> alert.at("/annotations/summary").asString(),
                        (one, other) -> one + "; " + other));
    }

    /** Returns the value of the first series; 0 if there is none. */
    static double value(String expression) {
        JsonNode result = result(expression);
        return result.isEmpty() ? 0 : Double.parseDouble(result.at("/0/value/1").asString());
    }

    static JsonNode result(String expression) {
        JsonNode response = ask("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(response.get("status").asString())
                .as("%s: %s", expression, response)
                .isEqualTo("success");
        return response.at("/data/result");
    }

    private static JsonNode ask(String path) {
        return JSON.readTree(Stack.body(ADDRESS + path));
    }
}
