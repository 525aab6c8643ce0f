package io.middleware.gateway.dashboard.feed;

import java.time.Duration;
import java.util.Map;

/** Reports when the registry stops giving usable responses, and when it gives them again. Compares each time that somebody looks. */
public final class RegistryNews {
    private static final String SUBJECT = "Consul";

    private final Feed feed;
    private boolean away;

    public RegistryNews(Feed feed) {
        this.feed = feed;
    }

    /** Called with whether it gives none now, and how old its last one is. */
    public synchronized void look(boolean awayNow, Duration age) {
        if (awayNow == away) {
            return;
        }
        away = awayNow;
        if (awayNow) {
            Map<String, Long> numbers = Map.of("afterMs", age.toMillis());
            feed.add("registry-away", "", SUBJECT, null, null, () -> numbers);
        } else {
            feed.add("registry-back", "", SUBJECT);
        }
    }
}
