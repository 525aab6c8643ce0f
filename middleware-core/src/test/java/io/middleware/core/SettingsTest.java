package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.middleware.core.fixture.CoreFixture;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static final Settings GOOD = Settings.defaults();

    @ParameterizedTest
    @MethodSource
    void wrongValue_isRefused_sayingWhatWasExpected(Supplier<Object> made, String message) {
        assertThatIllegalArgumentException().isThrownBy(made::get).withMessage(message);
    }

    static Stream<Arguments> wrongValue_isRefused_sayingWhatWasExpected() {
        return Stream.of(
                wrong(
                        () -> with(Duration.ofMillis(-1), 6, Duration.ofMillis(20)),
                        "unary-deadline: PT-0.001S (expected: 0 for none, at most a day)"),
                wrong(
                        () -> with(Duration.ofDays(200_000), 6, Duration.ofMillis(20)),
                        "unary-deadline: PT4800000H (expected: 0 for none, at most a day)"),
                wrong(() -> with(Duration.ofSeconds(1), 0, Duration.ofMillis(20)), "attempts: 0 (expected: 1 to 100)"),
                wrong(
                        () -> with(Duration.ofSeconds(1), 101, Duration.ofMillis(20)),
                        "attempts: 101 (expected: 1 to 100)"),
                wrong(
                        () -> with(Duration.ofSeconds(1), 6, Duration.ofNanos(999_999)),
                        "first-back-off: PT0.000999999S (expected: 1 ms to 1 s)"),
                wrong(
                        () -> with(Duration.ofSeconds(1), 6, Duration.ofMillis(1_001)),
                        "first-back-off: PT1.001S (expected: 1 ms to 1 s)"),
                wrong(() -> new Settings.Budget(-0.01, 10, 500), "budget.ratio: -0.01 (expected: 0 to 1)"),
                wrong(() -> new Settings.Budget(1.01, 10, 500), "budget.ratio: 1.01 (expected: 0 to 1)"),
                wrong(() -> new Settings.Budget(Double.NaN, 10, 500), "budget.ratio: NaN (expected: 0 to 1)"),
                wrong(() -> new Settings.Budget(0.2, -1, 500), "budget.floor: -1 (expected: 0 or more a second)"),
                wrong(() -> new Settings.Budget(0.2, 10, 0), "budget.capacity: 0 (expected: 1 or more)"),
                wrong(() -> new Settings.Replays(-1, 5), "replay.per-call: -1 (expected: 0 bytes or more)"),
                wrong(() -> new Settings.Replays(6, 5), "replay.total: 5 (expected: at least replay.per-call)"),
                wrong(
                        () -> CoreFixture.ejection(Duration.ofMillis(9), Duration.ofSeconds(5)),
                        "ejection.first-probe: PT0.009S (expected: 10 ms or more)"),
                wrong(
                        () -> CoreFixture.ejection(Duration.ofSeconds(6), Duration.ofSeconds(5)),
                        "ejection.longest-probe: PT5S (expected: at least ejection.first-probe, at most a day)"),
                wrong(
                        () -> CoreFixture.ejection(Duration.ofSeconds(6), Duration.ofDays(2)),
                        "ejection.longest-probe: PT48H (expected: at least ejection.first-probe, at most a day)"),
                wrong(() -> trial(9, 10), "ejection.first-trial: PT0.009S (expected: 10 ms or more)"),
                wrong(
                        () -> trial(1_000, 999),
                        "ejection.longest-trial: PT0.999S (expected: at least ejection.first-trial, at most a day)"),
                wrong(() -> hedge(100, 0, 1_000), "hedge.shortest-delay: PT0S (expected: 1 ms to a day)"),
                wrong(
                        () -> hedge(100, 50, 49),
                        "hedge.longest-delay: PT0.049S (expected: at least hedge.shortest-delay, at most a day)"),
                wrong(
                        () -> hedge(9, 10, 100),
                        "hedge.initial-delay: PT0.009S (expected: hedge.shortest-delay to hedge.longest-delay)"),
                wrong(
                        () -> hedge(101, 10, 100),
                        "hedge.initial-delay: PT0.101S (expected: hedge.shortest-delay to hedge.longest-delay)"),
                wrong(
                        () -> new Settings.Silence(Duration.ZERO, Duration.ofMillis(30), Duration.ofSeconds(1)),
                        "silence.after: PT0S (expected: 1 ms to a day)"),
                wrong(
                        () -> new Settings.Silence(Duration.ofMillis(100), Duration.ofMillis(4), Duration.ofSeconds(1)),
                        "silence.ping-limit: PT0.004S (expected: 5 ms to 1 min)"),
                wrong(
                        () -> new Settings.Silence(
                                Duration.ofMillis(100), Duration.ofMillis(60_001), Duration.ofSeconds(1)),
                        "silence.ping-limit: PT1M0.001S (expected: 5 ms to 1 min)"),
                wrong(
                        () -> new Settings.Limit(true, Duration.ofMillis(9), 1, 1),
                        "limit.longest-wait: PT0.009S (expected: 10 ms to 1 min)"),
                wrong(
                        () -> new Settings.Limit(true, Duration.ofMillis(500), 0, 1),
                        "limit.least: 0 (expected: 1 or more)"),
                wrong(
                        () -> new Settings.Limit(true, Duration.ofMillis(500), 3, 2),
                        "limit.most: 2 (expected: at least limit.least)"),
                wrong(
                        () -> new Settings.Silence(
                                Duration.ofMillis(100), Duration.ofMillis(30), Duration.ofMillis(99)),
                        "silence.lost-after: PT0.099S (expected: 100 ms to a day)"));
    }

    @Test
    void limits_areAllowed() {
        assertThat(with(Duration.ZERO, 1, Duration.ofMillis(1)).unaryDeadline()).isZero();
        assertThat(with(Duration.ofNanos(1), 1, Duration.ofMillis(1)).attempts())
                .isEqualTo(1);
        assertThat(with(Duration.ofDays(1), 100, Duration.ofSeconds(1)).attempts())
                .isEqualTo(100);
        assertThat(new Settings.Budget(0, 0, 1).ratio()).isZero();
        assertThat(new Settings.Budget(1, 0, 1).ratio()).isEqualTo(1);
        assertThat(new Settings.Replays(0, 0).total()).isZero();
        assertThat(CoreFixture.ejection(Duration.ofMillis(10), Duration.ofMillis(10))
                        .longestProbe())
                .hasMillis(10);
        assertThat(hedge(1, 1, 1).longestDelay()).hasMillis(1);
        assertThat(new Settings.Silence(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(100)).pingLimit())
                .hasMillis(5);
    }

    private static Settings.Ejection trial(long first, long longest) {
        return new Settings.Ejection(
                GOOD.ejection().firstProbe(),
                GOOD.ejection().longestProbe(),
                true,
                Duration.ofMillis(first),
                Duration.ofMillis(longest));
    }

    private static Settings.Hedge hedge(long initial, long shortest, long longest) {
        return new Settings.Hedge(Duration.ofMillis(initial), Duration.ofMillis(shortest), Duration.ofMillis(longest));
    }

    private static Arguments wrong(Supplier<Object> made, String message) {
        return arguments(made, message);
    }

    private static Settings with(Duration unaryDeadline, int attempts, Duration firstBackOff) {
        return new Settings(
                unaryDeadline,
                attempts,
                firstBackOff,
                GOOD.budget(),
                GOOD.replay(),
                GOOD.ejection(),
                GOOD.hedge(),
                GOOD.silence(),
                GOOD.limit());
    }
}
