package io.middleware.gateway.dashboard.feed;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Reports when calls begin to get responses from others than primaries. Compares counts each time that somebody looks,
 * so that no call has to report anything.
 */
public final class FallbackNews {
    /** Without such a response for this long, the next one is news again. */
    private static final long OVER_AFTER = TimeUnit.SECONDS.toMillis(10);

    private static final Seen NEVER = new Seen(0, 0, 0);

    private final Feed feed;
    private final InstantSource clock;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /**
     * What was seen of one count.
     *
     * @param last  when it was looked at, in milliseconds since 1970
     * @param until when it was seen to grow last; 0 for never
     */
    private record Seen(long count, long last, long until) {}

    public FallbackNews(Feed feed, InstantSource clock) {
        this.feed = feed;
        this.clock = clock;
    }

    /** Called with counts of a service: the calls that secondaries answered, and those that got a stale response. */
    public void look(String service, long secondary, long stale) {
        look("secondary", service, secondary);
        look("stale", service, stale);
    }

    private void look(String kind, String service, long count) {
        long now = clock.millis();
        Seen before = seen.getOrDefault(kind + service, NEVER);
        boolean compares = now - before.last < OVER_AFTER;
        boolean grew = compares && count > before.count;
        seen.put(kind + service, new Seen(count, now, grew ? now : before.until));
        if (grew && now - before.until > OVER_AFTER) {
            feed.add(kind, service, service);
        }
    }
}
