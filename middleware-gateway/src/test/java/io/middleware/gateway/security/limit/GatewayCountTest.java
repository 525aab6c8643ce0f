package io.middleware.gateway.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayCountTest {
    private long now = Long.MAX_VALUE - 100;
    private final GatewayCount count = new GatewayCount("own", () -> now);

    @Test
    void thisOneCounts_evenBeforeItIsListed() {
        assertThat(count.get()).isEqualTo(1);
        count.onListed(Set.of("other"));
        assertThat(count.get()).isEqualTo(2);
        count.onListed(Set.of("other", "own"));
        assertThat(count.get()).isEqualTo(2);
    }

    @Test
    void newOne_countsAtOnce_oneThatLeft_forAWhile() {
        count.onListed(Set.of("own", "a", "b"));
        assertThat(count.get()).isEqualTo(3);
        now += TimeUnit.SECONDS.toNanos(GatewayCount.LEFT_SECONDS) - 1;
        count.onListed(Set.of("own"));
        assertThat(count.get()).as("it may still serve").isEqualTo(3);
        now += 2;
        count.onListed(Set.of("own"));
        assertThat(count.get()).isEqualTo(1);
    }
}
