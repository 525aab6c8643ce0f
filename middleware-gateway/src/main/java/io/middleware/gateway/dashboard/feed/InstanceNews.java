package io.middleware.gateway.dashboard.feed;

import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.outlier.Ejection;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reports to the {@link Feed} what happens to instances; keeps since when each is in its state, and who is gone. */
public final class InstanceNews {
    private static final long GONE_SHOWN = TimeUnit.MINUTES.toMillis(1);
    private static final int MOST_GONE = 200;

    private final Feed feed;
    private final InstantSource clock;
    private final Function<Instance, Supplier<Map<String, Long>>> numbers;
    private final Map<Instance, Long> since = new ConcurrentHashMap<>();
    private final Map<Instance, Long> gone = new ConcurrentHashMap<>();

    /** {@code numbers}: of an ejection of this instance, now and later. */
    public InstanceNews(Feed feed, InstantSource clock, Function<Instance, Supplier<Map<String, Long>>> numbers) {
        this.feed = feed;
        this.clock = clock;
        this.numbers = numbers;
    }

    public void onChange(InstanceChange change) {
        Instance instance = change.instance();
        if (change.kind() == InstanceChange.Kind.RENEWED) {
            return;
        }
        if (change.kind() == InstanceChange.Kind.GONE) {
            since.remove(instance);
            forgetGone();
            if (gone.size() < MOST_GONE) {
                gone.put(instance, clock.millis());
            }
        } else {
            since.put(instance, clock.millis());
        }
        feed.add(change.kind().name().toLowerCase(Locale.ROOT), instance.serviceName(), instance.id());
    }

    public void onEjection(Ejection ejection) {
        Instance instance = ejection.instance();
        // one that is gone meanwhile has no state to keep
        since.computeIfPresent(instance, (known, before) -> clock.millis());
        Health.Ejected last = instance.health().lastEjection();
        feed.add(
                ejection.out() ? "ejected" : "back",
                instance.serviceName(),
                instance.id(),
                last == null ? null : last.cause().name().toLowerCase(Locale.ROOT),
                ejection.because(),
                ejection.out() ? numbers.apply(instance) : Map::of);
    }

    /** Returns since when it is in its state, in milliseconds since 1970; 0 if that is not known. */
    public long since(Instance instance) {
        return since.getOrDefault(instance, 0L);
    }

    /** Returns who is gone for less than a minute, and since when. */
    public Map<Instance, Long> gone() {
        forgetGone();
        return Map.copyOf(gone);
    }

    private void forgetGone() {
        long before = clock.millis() - GONE_SHOWN;
        List.copyOf(gone.entrySet()).stream()
                .filter(entry -> entry.getValue() < before)
                .forEach(entry -> gone.remove(entry.getKey()));
    }
}
