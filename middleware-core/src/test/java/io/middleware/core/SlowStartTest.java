package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowStartTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 5",
        "50, 0, 4",
        "100, 0, 3",
        "199, 0, 1.02",
        "200, 0, 1",
        "1000, 0, 1",
        "0, 15, 3",
        "0, 30, 1",
        "0, 3600, 1",
        "100, 3, 3",
        "20, 15, 3"
    })
    void costCountsLessOften_theMoreItHasAnswered_orTheLongerItIsThere(int answered, int seconds, double times) {
        assertThat(SlowStart.DEFAULT.times(answered, TimeUnit.SECONDS.toNanos(seconds)))
                .isEqualTo(times);
    }

    @Test
    void withoutExtra_newOnesAreLikeOthers() {
        assertThat(new SlowStart(200, Duration.ofSeconds(30), 0).times(0, 0)).isEqualTo(1);
    }

    @Test
    void valuesOutOfTheirRange_areRefused() {
        assertThatThrownBy(() -> new SlowStart(0, Duration.ofSeconds(1), 1))
                .hasMessage("slow-start.calls: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> new SlowStart(1, Duration.ZERO, 1)).hasMessageContaining("(expected: 1 ms to 1 h)");
        assertThatThrownBy(() -> new SlowStart(1, Duration.ofSeconds(1), -1))
                .hasMessageContaining("slow-start.extra: -1");
        assertThatThrownBy(() -> new SlowStart(1, Duration.ofSeconds(1), Double.NaN))
                .hasMessageContaining("slow-start.extra: NaN");
    }
}
