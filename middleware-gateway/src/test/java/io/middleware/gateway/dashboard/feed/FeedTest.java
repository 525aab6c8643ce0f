package io.middleware.gateway.dashboard.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FeedTest {
    private final Feed feed = new Feed("gateway-1", () -> Instant.ofEpochMilli(5_000));

    @Test
    void lastEvents_areKept_withDifferentIds() {
        for (int i = 0; i < Feed.MAX_KEPT + 10; i++) {
            feed.add("came", "a", "a-" + i);
        }

        assertThat(feed.events())
                .hasSize(Feed.MAX_KEPT)
                .first()
                .extracting(FeedEvent::subject)
                .isEqualTo("a-10");
        assertThat(feed.events().stream().map(FeedEvent::id).distinct()).hasSize(Feed.MAX_KEPT);
        assertThat(feed.events()).allMatch(event -> event.at() == 5_000);
    }

    @Test
    void numbers_areThoseOfNow() {
        AtomicLong moved = new AtomicLong(1);
        feed.add("ejected", "a", "a-1", "silent", "no response", () -> Map.of("moved", moved.get()));
        moved.set(3);

        assertThat(feed.events().getFirst().numbers()).isEqualTo(Map.of("moved", 3L));
    }

    @Test
    void listeners_areCalledAfterEachEvent() {
        AtomicInteger seen = new AtomicInteger();
        feed.listen(() -> seen.set(feed.events().size()));
        feed.add("came", "a", "a-1");
        feed.add("gone", "a", "a-1");

        assertThat(seen).hasValue(2);
    }
}
