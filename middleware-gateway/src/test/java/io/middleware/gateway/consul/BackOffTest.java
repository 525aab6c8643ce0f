package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private final BackOff backOff = new BackOff(new Random(1));

    @Test
    void waits_growAtRandomUpToTheLimit() {
        List<Duration> waits = Stream.generate(backOff::next).limit(1_000).toList();

        assertThat(waits).allMatch(wait -> wait.compareTo(BackOff.MIN) >= 0 && wait.compareTo(BackOff.MAX) <= 0);
        assertThat(waits.getFirst()).isLessThanOrEqualTo(Duration.ofMillis(200));
        assertThat(waits).anyMatch(wait -> wait.toMillis() > 1_900).anyMatch(wait -> wait.toMillis() < 200);
    }

    @Test
    void reset_startsSmallAgain() {
        Stream.generate(backOff::next).limit(10).forEach(wait -> {});
        for (int i = 0; i < 100; i++) {
            backOff.reset();
            assertThat(backOff.next()).isBetween(BackOff.MIN, Duration.ofMillis(200));
        }
    }
}
