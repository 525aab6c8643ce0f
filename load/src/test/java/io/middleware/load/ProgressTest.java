package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final Histogram recent = new Histogram(3);

    @Test
    void line_saysHowFarAndHowFast() {
        for (int call = 1; call <= 100; call++) {
            recent.recordValue(call * 100L);
        }

        assertThat(line(9)).isEqualTo("[#########-----------]   9 s of 20 s    200/s  3 lost  p50 5.0 ms  p99 9.9 ms");
    }

    @Test
    void nothingEnded_hasNoPercentiles_andTheBarEnds() {
        assertThat(line(25)).isEqualTo("[####################]  25 s of 20 s      0/s  3 lost");
    }

    @Test
    void bars_goFromTheFastestToTheSlowest_andASingleCallIsSeen() {
        for (int call = 0; call < 1_000; call++) {
            recent.recordValue(1_500);
        }
        recent.recordValue(9_000);
        recent.recordValue(1_500_000);

        assertThat(LatencyBars.text(recent).lines().map(String::stripTrailing))
                .startsWith(
                        "  <= 2 ms ######################################## 1000",
                        "  <= 5 ms                                          0",
                        " <= 10 ms #                                        1")
                .endsWith("   <= 2 s #                                        1")
                .hasSize(10);
        assertThat(LatencyBars.text(new Histogram(3))).isEmpty();
    }

    private String line(int seconds) {
        return Progress.line(Duration.ofSeconds(seconds), Duration.ofSeconds(20), recent, Duration.ofMillis(500), 3);
    }
}
