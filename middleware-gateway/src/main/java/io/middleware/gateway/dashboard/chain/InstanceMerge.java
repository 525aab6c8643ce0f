package io.middleware.gateway.dashboard.chain;

import io.middleware.gateway.dashboard.chain.ChainPicture.ChainInstance;
import io.middleware.gateway.dashboard.chain.ChainPicture.Seen;
import io.middleware.gateway.dashboard.picture.InstanceView;
import io.middleware.gateway.dashboard.picture.State;
import io.middleware.gateway.dashboard.traffic.Histogram;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One instance, as several gateways see it. */
public final class InstanceMerge {
    private final Histogram latency = new Histogram();
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private @Nullable InstanceView shown;
    private boolean shownIsOutdated;
    private int inFlight;
    private int failed;
    private double rate;
    private @Nullable Integer limit;

    /** {@code outdated}: seen by a gateway that is silent, while others respond. */
    void add(String gateway, InstanceView view, boolean outdated) {
        boolean first = shown == null;
        if (first || shownIsOutdated && !outdated || shownIsOutdated == outdated && isWorse(view)) {
            shown = view;
            shownIsOutdated = outdated;
        }
        seen.put(gateway, new Seen(view.state(), outdated ? 0 : view.rate(), view.inFlight(), view.cost()));
        if (!outdated) {
            latency.add(view.latency());
            inFlight += view.inFlight();
            failed += view.failed();
            rate += view.rate();
            Integer its = view.limit();
            limit = its == null ? limit : limit == null ? its : Integer.valueOf(limit + its);
        }
    }

    private boolean isWorse(InstanceView view) {
        String before = view().state();
        return !before.equals(view.state()) && State.worse(before, view.state()).equals(view.state());
    }

    /** Returns the view that is shown. */
    public InstanceView view() {
        return Objects.requireNonNull(shown);
    }

    ChainInstance merged(Extras extras) {
        InstanceView view = view();
        return new ChainInstance(
                view.service(),
                view.id(),
                view.host(),
                view.port(),
                view.pool(),
                view.weight(),
                view.state(),
                view.registry(),
                view.cause(),
                view.reason(),
                view.since(),
                extras.heartbeat(),
                extras.faults(),
                inFlight,
                limit,
                rate,
                failed,
                latency.percentile(0.5),
                latency.percentile(0.99),
                seen);
    }
}
