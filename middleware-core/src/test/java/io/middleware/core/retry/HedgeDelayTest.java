package io.middleware.core.retry;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Settings;
import io.middleware.core.fixture.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HedgeDelayTest {
    private static final long INITIAL = MILLISECONDS.toNanos(100);
    private static final long SHORTEST = MILLISECONDS.toNanos(1);
    private static final long LONGEST = SECONDS.toNanos(1);

    private final ManualTime time = new ManualTime();
    private final HedgeDelay delay = new HedgeDelay(
            new Settings.Hedge(Duration.ofNanos(INITIAL), Duration.ofNanos(SHORTEST), Duration.ofNanos(LONGEST)),
            time.nanos());

    @Test
    void beforeEnoughResponses_isTheInitialOne() {
        answered(HedgeDelay.ENOUGH - 1, MILLISECONDS.toNanos(3));
        assertThat(later()).isEqualTo(INITIAL);
        answered(1, MILLISECONDS.toNanos(3));
        assertThat(later()).isLessThan(MILLISECONDS.toNanos(4));
    }

    @Test
    void isAboveP95_byAnEighthAtMost() {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            HedgeDelay fresh = new HedgeDelay(
                    new Settings.Hedge(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1)),
                    time.nanos());
            long[] answers = random.longs(1_000, MILLISECONDS.toNanos(1), MILLISECONDS.toNanos(5) << random.nextInt(12))
                    .toArray();
            Arrays.stream(answers).forEach(fresh::answered);
            Arrays.sort(answers);
            time.advance(Duration.ofMillis(100));
            assertThat(fresh.nanos(time.nanos())).isBetween(answers[949], (long) (answers[949] * 1.126));
        }
    }

    @Test
    void fewSlowResponses_doNotCount() {
        answered(96, MILLISECONDS.toNanos(2));
        answered(4, MILLISECONDS.toNanos(500));
        assertThat(later()).isLessThan(MILLISECONDS.toNanos(3));
    }

    @Test
    void manySlowResponses_doCount() {
        answered(90, MILLISECONDS.toNanos(2));
        answered(10, MILLISECONDS.toNanos(500));
        assertThat(later()).isBetween(MILLISECONDS.toNanos(500), MILLISECONDS.toNanos(563));
    }

    @Test
    void bounds_hold() {
        answered(100, MICROSECONDS.toNanos(20));
        assertThat(later()).isEqualTo(SHORTEST);
        answered(100_000, SECONDS.toNanos(300));
        assertThat(later()).isEqualTo(LONGEST);
    }

    @Test
    void slowTimes_areForgottenWithin10Seconds() {
        answered(1_000, MILLISECONDS.toNanos(500));
        List<Long> delays = new ArrayList<>();
        for (int tenths = 0; tenths < 105; tenths++) {
            answered(10, MILLISECONDS.toNanos(2));
            delays.add(later());
        }
        assertThat(delays.getFirst()).isGreaterThan(MILLISECONDS.toNanos(500));
        assertThat(delays.getLast()).isLessThan(MILLISECONDS.toNanos(3));
    }

    @Test
    void ofAMethodSeldomCalled_lastsUntilThereAreEnoughNewResponses() {
        answered(HedgeDelay.ENOUGH, MILLISECONDS.toNanos(20));
        for (int i = 0; i < 3 * HedgeDelay.ENOUGH; i++) {
            time.advance(Duration.ofMinutes(10));
            assertThat(later())
                    .as("after %d more answers", i)
                    .isBetween(MILLISECONDS.toNanos(20), MILLISECONDS.toNanos(23));
            answered(1, MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void isComputedOnceIn100Millis() {
        answered(HedgeDelay.ENOUGH, MILLISECONDS.toNanos(2));
        long before = delay.nanos(time.nanos());
        answered(1_000, MILLISECONDS.toNanos(50));
        time.advance(Duration.ofMillis(99));
        assertThat(delay.nanos(time.nanos())).isEqualTo(before);
        time.advance(Duration.ofMillis(1));
        assertThat(delay.nanos(time.nanos())).isGreaterThan(before);
    }

    private void answered(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            delay.answered(nanos);
        }
    }

    private long later() {
        time.advance(Duration.ofMillis(100));
        return delay.nanos(time.nanos());
    }
}
