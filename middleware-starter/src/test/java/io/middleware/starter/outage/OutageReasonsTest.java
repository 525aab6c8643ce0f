package io.middleware.starter.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageReasonsTest {
    private final OutageReasons reasons = new OutageReasons();

    private boolean deservesLine(String reason, int second) {
        return reasons.deservesLine(reason, Duration.ofSeconds(second).toNanos());
    }

    @Test
    void firstOtherReason_isToldAtOnce_laterOnesOnceAMinute() {
        reasons.begin("connection reset");
        assertThat(deservesLine("connection reset", 0)).isFalse();
        assertThat(deservesLine("connection refused", 1)).isTrue();
        assertThat(deservesLine("connection refused", 100)).isFalse();
        assertThat(deservesLine("no route", 61)).isFalse();
        assertThat(deservesLine("no route", 62)).isTrue();
        assertThat(deservesLine("connection refused", 100)).isFalse();
    }

    @Test
    void nextOutage_beginsAnew() {
        reasons.begin("connection reset");
        assertThat(deservesLine("connection refused", 1)).isTrue();

        reasons.begin("connection refused");

        assertThat(deservesLine("connection refused", 2)).isFalse();
        assertThat(deservesLine("no route", 3)).isTrue();
    }
}
