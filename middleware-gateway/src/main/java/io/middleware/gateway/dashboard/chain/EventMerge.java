package io.middleware.gateway.dashboard.chain;

import io.middleware.gateway.dashboard.feed.FeedEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Makes one event of what several gateways saw at about the same time. */
public final class EventMerge {
    static final int MOST_SHOWN = 100;
    /** A gateway without calls to an instance finds out by its next probe or by Consul. */
    private static final long TOGETHER_MILLIS = 3_000;

    private final List<FeedEvent> all = new ArrayList<>();

    void add(List<FeedEvent> some) {
        all.addAll(some);
    }

    /** Returns the last events, oldest first. */
    List<FeedEvent> merged() {
        all.sort(Comparator.comparingLong(FeedEvent::at).thenComparing(FeedEvent::id));
        List<FeedEvent> merged = new ArrayList<>();
        for (FeedEvent event : all) {
            int same = indexOfSame(merged, event);
            if (same < 0) {
                merged.add(event);
            } else {
                merged.set(same, together(merged.get(same), event));
            }
        }
        return List.copyOf(merged.subList(Math.max(0, merged.size() - MOST_SHOWN), merged.size()));
    }

    private static int indexOfSame(List<FeedEvent> earlier, FeedEvent event) {
        for (int i = earlier.size() - 1; i >= 0 && event.at() - earlier.get(i).at() <= TOGETHER_MILLIS; i--) {
            FeedEvent other = earlier.get(i);
            if (other.kind().equals(event.kind())
                    && other.service().equals(event.service())
                    && other.subject().equals(event.subject())
                    && event.gateways().stream().noneMatch(other.gateways()::contains)) {
                return i;
            }
        }
        return -1;
    }

    /** Adds the numbers up, except for times, of which the first gateway's is shown. */
    private static FeedEvent together(FeedEvent first, FeedEvent second) {
        Map<String, Long> numbers = new HashMap<>(first.numbers());
        second.numbers()
                .forEach((name, number) -> numbers.merge(name, number, name.endsWith("Ms") ? Math::min : Long::sum));
        TreeSet<String> gateways = new TreeSet<>(NaturalOrder::compare);
        gateways.addAll(first.gateways());
        gateways.addAll(second.gateways());
        return first.seenBy(List.copyOf(gateways), numbers);
    }
}
