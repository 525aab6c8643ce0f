package io.middleware.gateway.dashboard.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficWindowTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final TrafficWindow window = new TrafficWindow();

    @Test
    void rate_isThatOfTheLastSeconds() {
        for (long now = 0; now < 5 * SECOND; now += 20 * MILLI) {
            window.add(MILLI, false, now);
        }

        assertThat(window.rate(5 * SECOND - 1)).isCloseTo(50, offset(1.0));
        assertThat(window.rate(9 * SECOND)).as("nobody calls any more").isZero();
    }

    @Test
    void calls_areForgottenAfterTenSeconds() {
        window.add(MILLI, true, -SECOND);
        window.add(MILLI, true, 0);
        assertThat(window.failed(0)).isEqualTo(2);
        assertThat(window.durations(8 * SECOND).total()).isEqualTo(2);
        assertThat(window.durations(9 * SECOND).total()).isEqualTo(1);
        assertThat(window.failed(10 * SECOND)).isZero();

        window.add(MILLI, false, 20 * SECOND);
        assertThat(window.durations(20 * SECOND).total())
                .as("the slot is used again")
                .isEqualTo(1);
        assertThat(window.failed(20 * SECOND)).isZero();
    }
}
