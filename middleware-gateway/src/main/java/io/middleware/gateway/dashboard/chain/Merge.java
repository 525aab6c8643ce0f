package io.middleware.gateway.dashboard.chain;

import io.middleware.gateway.dashboard.chain.ChainPicture.ChainInstance;
import io.middleware.gateway.dashboard.chain.ChainPicture.GatewayView;
import io.middleware.gateway.dashboard.feed.FeedEvent;
import io.middleware.gateway.dashboard.picture.GatewayPicture;
import io.middleware.gateway.dashboard.picture.InstanceView;
import io.middleware.gateway.dashboard.picture.ServiceView;
import io.middleware.gateway.dashboard.traffic.CallView;
import io.middleware.gateway.dashboard.traffic.Histogram;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Puts the pictures of all gateways together. What is counted is added; of states the worst is shown, but not what a
 * silent gateway saw last, if others respond.
 */
public final class Merge {
    private static final Comparator<ChainInstance> ORDER = Comparator.comparing(ChainInstance::service)
            .thenComparing(ChainInstance::pool)
            .thenComparing(ChainInstance::id, NaturalOrder::compare);

    private final Map<String, InstanceMerge> instances = new LinkedHashMap<>();
    private final Map<String, ServiceView> services = new LinkedHashMap<>();
    private final List<GatewayView> gateways = new ArrayList<>();
    private final List<CallView> calls = new ArrayList<>();
    private final EventMerge events = new EventMerge();

    private Merge() {}

    /**
     * Merges pictures.
     *
     * @param more   events from elsewhere than a gateway's picture
     * @param extras what is known of an instance from elsewhere
     * @param now    milliseconds since 1970
     * @param by     the gateway that merges
     */
    public static ChainPicture of(
            List<KnownPicture> pictures,
            List<FeedEvent> more,
            Function<InstanceView, Extras> extras,
            long now,
            String by) {
        Merge merge = new Merge();
        boolean someRespond = pictures.stream().anyMatch(known -> !known.silent());
        pictures.stream()
                .sorted(Comparator.comparing(KnownPicture::gateway, NaturalOrder::compare))
                .forEach(known -> merge.add(known, known.silent() && someRespond));
        merge.events.add(more);
        return new ChainPicture(
                now,
                by,
                merge.gateways,
                List.copyOf(merge.services.values()),
                merge.instances.values().stream()
                        .map(each -> each.merged(extras.apply(each.view())))
                        .sorted(ORDER)
                        .toList(),
                merge.events.merged(),
                merge.calls);
    }

    private void add(KnownPicture known, boolean outdated) {
        GatewayPicture picture = known.picture();
        if (picture == null) {
            String state = known.withheld() ? "withheld" : "unknown";
            gateways.add(new GatewayView(known.gateway(), state, known.age(), null, 0, 0, 0, null, null, 0));
            return;
        }
        gateways.add(view(known, picture));
        events.add(picture.events());
        picture.instances()
                .forEach(view -> instances
                        .computeIfAbsent(view.key(), key -> new InstanceMerge())
                        .add(picture.id(), view, outdated));
        if (!outdated) {
            picture.services().forEach(view -> services.merge(view.name(), view, Merge::together));
            calls.addAll(picture.calls());
        }
    }

    private static GatewayView view(KnownPicture known, GatewayPicture picture) {
        Histogram latency = new Histogram();
        latency.add(picture.latency());
        return new GatewayView(
                picture.id(),
                known.silent() ? "silent" : picture.draining() ? "draining" : "up",
                known.age(),
                picture.registry(),
                picture.age(),
                known.silent() ? 0 : picture.rate(),
                picture.failed(),
                latency.percentile(0.5),
                latency.percentile(0.99),
                picture.inFlight());
    }

    private static ServiceView together(ServiceView a, ServiceView b) {
        TreeSet<String> grpcServices = new TreeSet<>(a.grpcServices());
        grpcServices.addAll(b.grpcServices());
        return new ServiceView(
                a.name(),
                List.copyOf(grpcServices),
                a.budget() + b.budget(),
                a.retries() + b.retries(),
                a.hedges() + b.hedges(),
                a.hedgesWon() + b.hedgesWon(),
                a.ejections() + b.ejections(),
                a.secondary() + b.secondary(),
                a.stale() + b.stale());
    }
}
