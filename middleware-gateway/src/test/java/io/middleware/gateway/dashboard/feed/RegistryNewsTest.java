package io.middleware.gateway.dashboard.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryNewsTest {
    private final Feed feed = new Feed("gateway-1", () -> Instant.ofEpochMilli(5_000));
    private final RegistryNews news = new RegistryNews(feed);

    @Test
    void registryThatIsAway_isNews_andThatItIsBack() {
        news.onChange(true, Duration.ofMillis(2_100));
        news.onChange(false, Duration.ofSeconds(9));

        assertThat(feed.events())
                .extracting(FeedEvent::kind, FeedEvent::subject, FeedEvent::numbers)
                .containsExactly(
                        tuple("registry-away", "Consul", Map.of("afterMs", 2_100L)),
                        tuple("registry-back", "Consul", Map.of()));
    }
}
