package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real Prometheus beside the stack finds all parts. What it makes of what it reads: {@link LongWaitsIT}. */
@ExtendWith(RunningStack.class)
class ObservabilityIT {
    private final Stack stack;

    ObservabilityIT(Stack stack) {
        this.stack = stack;
    }

    @AfterAll
    static void endPrometheus() {
        Prometheus.end(new Stack());
    }

    @Test
    void everyGatewayAndServer_isFoundInConsul() {
        Prometheus.start(stack);
        Set<String> parts = StreamSupport.stream(stack.status().get("parts").spliterator(), false)
                .filter(part -> part.get("kind").asString().matches("gateway|service"))
                .map(part -> part.get("name").asString())
                .collect(Collectors.toSet());
        assertThat(parts).hasSizeGreaterThan(5);

        Awaitility.await()
                .atMost(Prometheus.LIMIT)
                .untilAsserted(() -> assertThat(up()).isEqualTo(ones(parts)));
    }

    private static Map<String, Double> up() {
        return StreamSupport.stream(Prometheus.result("up").spliterator(), false)
                .collect(Collectors.toMap(
                        series -> series.at("/metric/instance").asString(),
                        series -> Double.valueOf(series.at("/value/1").asString())));
    }

    private static Map<String, Double> ones(Set<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, name -> 1.0));
    }
}
