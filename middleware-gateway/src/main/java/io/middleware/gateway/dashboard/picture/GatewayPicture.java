package io.middleware.gateway.dashboard.picture;

import io.middleware.gateway.dashboard.feed.FeedEvent;
import io.middleware.gateway.dashboard.traffic.CallView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one gateway shows of itself.
 *
 * @param at       when this was so, in milliseconds since 1970
 * @param draining it takes no new callers
 * @param registry why Consul gives no usable response; null while it does
 * @param age      of what is known from Consul, in milliseconds; 0 while it responds
 * @param rate     calls a second
 * @param latency  how long the calls of the last ten seconds took, as a sparse histogram
 * @param calls    some of the last second's, to be drawn
 */
public record GatewayPicture(
        String id,
        long at,
        long started,
        boolean draining,
        @Nullable String registry,
        long age,
        double rate,
        int failed,
        int[] latency,
        int inFlight,
        List<ServiceView> services,
        List<InstanceView> instances,
        List<FeedEvent> events,
        List<CallView> calls) {

    public GatewayPicture {
        services = services == null ? List.of() : List.copyOf(services);
        instances = instances == null ? List.of() : List.copyOf(instances);
        events = events == null ? List.of() : List.copyOf(events);
        calls = calls == null ? List.of() : List.copyOf(calls);
    }
}
