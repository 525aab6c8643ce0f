package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;

class HeartbeatSchedulerTest {

    private static HeartbeatProperties heartbeat(double ratio) {
        HeartbeatProperties properties = new HeartbeatProperties();
        properties.setTtl(Duration.ofSeconds(4));
        properties.setIntervalRatio(ratio);
        return properties;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.25, 0.9})
    void theInterval_isAShareOfTheTtl(double ratio) {
        assertThat(HeartbeatScheduler.interval(heartbeat(ratio))).isEqualTo(Duration.ofMillis((long) (4000 * ratio)));
    }

    @Test
    void aHeartbeatAsRareAsTheTtl_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeartbeatScheduler.interval(heartbeat(1)))
                .withMessage("spring.cloud.consul.discovery.heartbeat.interval-ratio: 1.0 (expected: 0.1 to 0.9)");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.09, Double.NaN})
    void aHeartbeatThatIsMuchTooOften_isRefused(double ratio) {
        assertThatIllegalArgumentException().isThrownBy(() -> HeartbeatScheduler.interval(heartbeat(ratio)));
    }
}
