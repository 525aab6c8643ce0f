package io.middleware.gateway.dashboard.feed;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The last events that one gateway saw. */
public final class Feed {
    static final int MAX_KEPT = 100;

    private final String gateway;
    private final InstantSource clock;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Distinguishes the events of this run of the gateway from those of an earlier one. */
    private final String prefix;

    private long count;

    /** {@code numbers}: asked each time, as calls that are in flight at the event end later. */
    private record Entry(FeedEvent event, Supplier<Map<String, Long>> numbers) {
        FeedEvent now() {
            return event.seenBy(event.gateways(), numbers.get());
        }
    }

    public Feed(String gateway, InstantSource clock) {
        this.gateway = gateway;
        this.clock = clock;
        this.prefix = gateway + ":" + Long.toString(clock.millis(), Character.MAX_RADIX) + ":";
    }

    /** Adds a listener, called after each event on the thread that reports it: it must return at once. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    public void add(String kind, String service, String subject) {
        add(kind, service, subject, null, null, Map::of);
    }

    public void add(
            String kind,
            String service,
            String subject,
            @Nullable String cause,
            @Nullable String because,
            Supplier<Map<String, Long>> numbers) {
        synchronized (this) {
            if (entries.size() == MAX_KEPT) {
                entries.removeFirst();
            }
            FeedEvent event = new FeedEvent(
                    prefix + count++,
                    clock.millis(),
                    kind,
                    service,
                    subject,
                    cause,
                    because,
                    Map.of(),
                    List.of(gateway));
            entries.addLast(new Entry(event, numbers));
        }
        listeners.forEach(Runnable::run);
    }

    /** Returns the events, oldest first. */
    public synchronized List<FeedEvent> events() {
        return entries.stream().map(Entry::now).toList();
    }
}
