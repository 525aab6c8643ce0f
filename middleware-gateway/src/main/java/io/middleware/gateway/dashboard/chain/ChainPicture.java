package io.middleware.gateway.dashboard.chain;

import io.middleware.gateway.dashboard.feed.FeedEvent;
import io.middleware.gateway.dashboard.picture.ServiceView;
import io.middleware.gateway.dashboard.traffic.CallView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole chain, as all gateways together see it.
 *
 * @param at       when it was put together, in milliseconds since 1970
 * @param servedBy the gateway that put it together
 * @param events   oldest first; null in a message that leaves out what has not changed
 */
public record ChainPicture(
        long at,
        String servedBy,
        List<GatewayView> gateways,
        List<ServiceView> services,
        List<ChainInstance> instances,
        @Nullable List<FeedEvent> events,
        List<CallView> calls) {

    /**
     * A gateway.
     *
     * @param state {@code up}, {@code draining}, {@code silent} (its picture is the last one that it gave), {@code
     *              unknown} (it never gave one) or {@code withheld} (nor does it, without the credentials of who looks)
     * @param age   of its picture, in milliseconds
     * @param p50   of its calls, in milliseconds; null without calls
     */
    public record GatewayView(
            String id,
            String state,
            long age,
            @Nullable String registry,
            long registryAge,
            double rate,
            int failed,
            @Nullable Double p50,
            @Nullable Double p99,
            int inFlight) {}

    /**
     * An instance.
     *
     * @param state     the worst that a gateway sees which responds
     * @param heartbeat the age of its last heartbeat, in milliseconds; null if that is not known
     * @param faults    whether it can be made to fail on purpose
     * @param seen      by the id of a gateway, how that one sees it
     */
    public record ChainInstance(
            String service,
            String id,
            String host,
            int port,
            String pool,
            int weight,
            String state,
            String registry,
            @Nullable String cause,
            @Nullable String reason,
            long since,
            @Nullable Long heartbeat,
            boolean faults,
            int inFlight,
            @Nullable Integer limit,
            double rate,
            int failed,
            @Nullable Double p50,
            @Nullable Double p99,
            Map<String, Seen> seen) {}

    /** How one gateway sees an instance. {@code rate}: of its attempts there, a second. */
    public record Seen(
            String state,
            double rate,
            int inFlight,
            @Nullable Double cost) {}

    /** Returns the same without events, for watchers who have them. */
    public ChainPicture withoutEvents() {
        return new ChainPicture(at, servedBy, gateways, services, instances, null, calls);
    }
}
