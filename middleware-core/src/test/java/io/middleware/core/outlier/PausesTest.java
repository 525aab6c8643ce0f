package io.middleware.core.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PausesTest {
    private final Pauses pauses = new Pauses();

    @Test
    void timerThatIsMoreThan20MillisecondsLate_wasHeldUp() {
        assertThat(pauses.heldUp(millis(100), millis(120))).isFalse();
        assertThat(pauses.count()).isZero();
        assertThat(pauses.heldUp(millis(100), millis(121))).isTrue();
        assertThat(pauses.count()).isEqualTo(1);
    }

    @Test
    void timersOfOnePause_countOnce() {
        assertThat(pauses.heldUp(millis(-100), millis(0))).isTrue();
        assertThat(pauses.heldUp(millis(-80), millis(1))).isTrue();
        assertThat(pauses.heldUp(millis(-50), millis(1))).isTrue();
        assertThat(pauses.count()).isEqualTo(1);
        assertThat(pauses.heldUp(millis(10), millis(40))).isTrue();
        assertThat(pauses.count()).isEqualTo(2);
    }

    private static long millis(int millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
