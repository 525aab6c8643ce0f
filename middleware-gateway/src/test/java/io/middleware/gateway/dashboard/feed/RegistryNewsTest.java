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
    void registryThatResponds_isNoNews() {
        news.look(false, Duration.ZERO);
        assertThat(feed.events()).isEmpty();
    }

    @Test
    void registryThatIsAway_isNewsOnce_andThatItIsBack() {
        news.look(true, Duration.ofMillis(2_100));
        news.look(true, Duration.ofMillis(2_600));
        news.look(false, Duration.ZERO);
        news.look(false, Duration.ZERO);

        assertThat(feed.events())
                .extracting(FeedEvent::kind, FeedEvent::subject, FeedEvent::numbers)
                .containsExactly(
                        tuple("registry-away", "Consul", Map.of("afterMs", 2_100L)),
                        tuple("registry-back", "Consul", Map.of()));
    }
}
