package io.middleware.gateway.dashboard.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class FallbackNewsTest {
    private long now = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);
    private final Feed feed = new Feed("gateway-1", clock);
    private final FallbackNews news = new FallbackNews(feed, clock);

    @Test
    void secondaries_areNewsOnce_andAgainAfterAPause() {
        news.look("a", 7, 0);
        assertThat(feed.events())
                .as("what was before anybody looked is no news")
                .isEmpty();

        look(8, 0);
        look(9, 0);
        assertThat(feed.events()).extracting(FeedEvent::kind).containsExactly("secondary");

        for (int i = 0; i < 30; i++) {
            look(9, 0);
        }
        look(10, 0);
        assertThat(feed.events()).extracting(FeedEvent::kind).containsExactly("secondary", "secondary");
    }

    @Test
    void staleResponses_areTheirOwnNews() {
        news.look("a", 0, 0);
        look(0, 1);

        assertThat(feed.events())
                .extracting(FeedEvent::kind, FeedEvent::subject)
                .containsExactly(tuple("stale", "a"));
    }

    @Test
    void whatHappenedWhileNobodyLooked_isNoNews() {
        news.look("a", 0, 0);
        now += 60_000;
        news.look("a", 50, 0);

        assertThat(feed.events()).isEmpty();
    }

    private void look(long secondary, long stale) {
        now += 500;
        news.look("a", secondary, stale);
    }
}
