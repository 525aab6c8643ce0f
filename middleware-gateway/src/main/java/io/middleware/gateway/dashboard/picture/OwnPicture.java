package io.middleware.gateway.dashboard.picture;

import io.middleware.core.Counts;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.dashboard.feed.FallbackNews;
import io.middleware.gateway.dashboard.feed.Feed;
import io.middleware.gateway.dashboard.feed.InstanceNews;
import io.middleware.gateway.dashboard.traffic.Traffic;
import io.middleware.gateway.dashboard.traffic.TrafficWindow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the picture of this gateway, from what it keeps anyway. */
public final class OwnPicture {
    private final String gateway;
    private final Directory directory;
    private final Feed feed;
    private final InstanceNews news;
    private final FallbackNews fallbacks;
    private final Traffic traffic;
    private final Registry registry;
    private final InstantSource clock;
    private final Ticker ticker;
    private final long started;
    private volatile boolean draining;

    /**
     * What is known of the registry.
     *
     * @param problem supplies why it gives no usable response; empty while it does
     */
    public record Registry(Supplier<Optional<String>> problem, Supplier<Duration> age) {}

    public OwnPicture(
            String gateway,
            Directory directory,
            Feed feed,
            InstanceNews news,
            FallbackNews fallbacks,
            Traffic traffic,
            Registry registry,
            InstantSource clock,
            Ticker ticker) {
        this.gateway = gateway;
        this.directory = directory;
        this.feed = feed;
        this.news = news;
        this.fallbacks = fallbacks;
        this.traffic = traffic;
        this.registry = registry;
        this.clock = clock;
        this.ticker = ticker;
        this.started = clock.millis();
    }

    public String gateway() {
        return gateway;
    }

    /** Called when the gateway is going to end, or is not after all. */
    public void draining(boolean now) {
        draining = now;
    }

    public GatewayPicture take() {
        long now = ticker.nanos();
        List<ServiceView> services = new ArrayList<>();
        List<InstanceView> instances = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int inFlight = 0;
        for (Service service : directory.services()) {
            ServiceView counts = view(service);
            services.add(counts);
            fallbacks.look(counts.name(), counts.secondary(), counts.stale());
            for (Instance instance : service.candidates().all()) {
                InstanceView view = view(instance, news.since(instance), now);
                instances.add(view);
                keys.add(view.key());
                inFlight += view.inFlight();
            }
        }
        news.gone().forEach((instance, since) -> {
            InstanceView view = view(instance, since, now);
            if (keys.add(view.key())) {
                instances.add(view);
            }
        });
        TrafficWindow calls = traffic.calls();
        Optional<String> problem = registry.problem().get();
        Duration age = registry.age().get();
        return new GatewayPicture(
                gateway,
                clock.millis(),
                started,
                draining,
                problem.orElse(null),
                age.toMillis(),
                calls.rate(now),
                calls.failed(now),
                calls.durations(now).sparse(),
                inFlight,
                services,
                instances,
                feed.events(),
                traffic.samples());
    }

    private static ServiceView view(Service service) {
        Counts counts = service.counts();
        long retries = 0;
        for (Counts.Ending ending : Counts.Ending.values()) {
            retries += counts.retries(ending);
        }
        long ejections = 0;
        for (Counts.Cause cause : Counts.Cause.values()) {
            ejections += counts.ejections(cause);
        }
        List<String> grpcServices = service.candidates().all().stream()
                .flatMap(instance -> instance.registration().grpcServices().stream())
                .distinct()
                .toList();
        return new ServiceView(
                service.name(),
                grpcServices,
                service.budget().left(),
                retries,
                counts.hedges(Counts.Hedge.STARTED),
                counts.hedges(Counts.Hedge.WON),
                ejections,
                counts.fallbacks(Counts.Fallback.SECONDARY),
                counts.fallbacks(Counts.Fallback.STALE));
    }

    private InstanceView view(Instance instance, long since, long now) {
        State state = State.of(instance);
        Health.Ejected why = state == State.EJECTED || state == State.TRIAL
                ? instance.health().lastEjection()
                : null;
        OptionalInt limit = instance.limitInForce();
        TrafficWindow window = traffic.of(instance);
        double cost = instance.latency().nanos(now);
        return new InstanceView(
                instance.serviceName(),
                instance.id(),
                instance.registration().host(),
                instance.registration().port(),
                lower(instance.pool()),
                instance.registration().weight(),
                state.inJson(),
                lower(instance.status()),
                why == null ? null : lower(why.cause()),
                why == null ? null : why.reason(),
                since,
                instance.inFlight(),
                limit.isPresent() ? limit.getAsInt() : null,
                window == null ? 0 : window.rate(now),
                window == null ? 0 : window.failed(now),
                window == null ? new int[0] : window.durations(now).sparse(),
                cost == 0 ? null : millis(cost));
    }

    private static @Nullable Double millis(double nanos) {
        return Math.round(nanos / TimeUnit.MICROSECONDS.toNanos(10)) / 100.0;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
