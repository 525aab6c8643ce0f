package io.middleware.gateway.dashboard.feed;

import java.time.Duration;
import java.util.Map;

/** Reports when the registry stops giving usable responses, and when it gives them again. */
public final class RegistryNews {
    private static final String SUBJECT = "Consul";

    private final Feed feed;

    public RegistryNews(Feed feed) {
        this.feed = feed;
    }

    /** Called when that changes. {@code age}: of its last response. */
    public void onChange(boolean away, Duration age) {
        if (away) {
            Map<String, Long> numbers = Map.of("afterMs", age.toMillis());
            feed.add("registry-away", "", SUBJECT, null, null, () -> numbers);
        } else {
            feed.add("registry-back", "", SUBJECT);
        }
    }
}
