package io.middleware.core.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Priority;
import io.middleware.core.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Settings.Limit BOUNDS = new Settings.Limit(true, Duration.ofMillis(500), 10, 1_000);
    private static final double MILLIS = 1e6;

    @Test
    void eachPriority_findsAsManyAheadAsItMayWaitFor() {
        // 100 a second; 100 ms of work and 500 ms tolerated
        Limits limits = Limits.of(60, 100 * MILLIS, 500 * MILLIS, BOUNDS);

        assertThat(limits).isEqualTo(new Limits(810, 60, 35));
        assertThat(limits.of(Priority.CRITICAL)).isEqualTo(810);
        assertThat(limits.of(Priority.NORMAL)).isEqualTo(60);
        assertThat(limits.of(Priority.SHEDDABLE)).isEqualTo(35);
    }

    @Test
    void timeOfTheWorkItself_isLeftToAll() {
        // 1,000 ms of work and 125 ms tolerated: with fewer than 50 calls, servers would be idle
        assertThat(Limits.of(56.25, 1_000 * MILLIS, 125 * MILLIS, BOUNDS)).isEqualTo(new Limits(150, 56, 53));
    }

    @Test
    void whileNothingWaits_allAreAlike() {
        assertThat(Limits.of(1_000, 100 * MILLIS, 500 * MILLIS, BOUNDS)).isEqualTo(new Limits(1_000, 1_000, 1_000));
        assertThat(Limits.of(1_000, 0, 0, BOUNDS)).isEqualTo(new Limits(1_000, 1_000, 1_000));
    }

    @Test
    void critical_keepTheLargestLimit() {
        assertThat(Limits.of(900, 100 * MILLIS, 500 * MILLIS, BOUNDS).critical())
                .isEqualTo(1_000);
    }

    @Test
    void sheddable_maySeeLessThanTheLeastLimit_butOneCall() {
        assertThat(Limits.of(10, 100 * MILLIS, 500 * MILLIS, BOUNDS).sheddable())
                .isEqualTo(5);
        Settings.Limit one = new Settings.Limit(true, Duration.ofMillis(500), 1, 1_000);
        assertThat(Limits.of(1, 0, 500 * MILLIS, one).sheddable()).isEqualTo(1);
    }
}
