package io.middleware.chaos.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GatewayDetectionTimesTest {
    private static final long BROKEN_AT = 1_700_000_000_000_000L;

    private final List<JsonNode> changes = new ArrayList<>();

    @Test
    void ejectedAfterTheBreak_isAvoidedFromThenOn() {
        change(-5_000_000, "one", "came");
        change(-1_000_000, "one", "ejected");
        change(-900_000, "one", "back");
        change(10_000, "other", "ejected");
        change(40_000, "one", "ejected");
        change(3_000_000, "one", "failing");
        assertThat(avoided()).hasValue(BROKEN_AT + 40_000);
    }

    @Test
    void ejectedBeforeTheBreak_wasAvoidedAlready() {
        change(-5_000_000, "one", "came");
        change(-100_000, "one", "ejected");
        change(3_000_000, "one", "failing");
        assertThat(avoided()).hasValue(BROKEN_AT);
    }

    @Test
    void ejectedBeforeTheBreak_andNothingSince_wasAvoidedAlready() {
        change(-100_000, "one", "ejected");
        assertThat(avoided()).hasValue(BROKEN_AT);
    }

    @Test
    void backFromAnEjection_whileItsCheckFails_isAvoidedStill() {
        change(-300_000, "one", "failing");
        change(-200_000, "one", "ejected");
        change(-100_000, "one", "back");
        assertThat(avoided()).hasValue(BROKEN_AT);
    }

    @Test
    void neverEjected_isNotAvoided() {
        change(-5_000_000, "one", "came");
        change(10_000, "one", "renewed");
        assertThat(avoided()).isEmpty();
    }

    private OptionalLong avoided() {
        return GatewayDetectionTimes.first(changes, "one", BROKEN_AT);
    }

    private void change(long micros, String instance, String change) {
        Instant at = Instant.EPOCH.plus(BROKEN_AT + micros, ChronoUnit.MICROS);
        changes.add(new JsonMapper()
                .createObjectNode()
                .put("at", at.toString())
                .put("instance", instance)
                .put("change", change));
    }
}
