package io.middleware.gateway.dashboard.picture;

import org.jspecify.annotations.Nullable;

/**
 * How one gateway sees an instance.
 *
 * @param state    a {@link State}
 * @param registry what the registry says: {@code passing}, {@code unconfirmed}, {@code failing}, {@code maintenance} or
 *                 {@code gone}
 * @param cause    of an ejection that lasts, or whose trial does: as in the feed; else null
 * @param reason   the same in words, English
 * @param since    when it came into its state, in milliseconds since 1970; 0 if that is not known
 * @param limit    the unary calls that it may have at a time; null if they are not limited
 * @param rate     attempts a second
 * @param failed   attempts of the last ten seconds that failed
 * @param latency  how long the attempts of the last ten seconds took, as a sparse histogram
 * @param cost     the latency that choices assume, in milliseconds; null if it is not known
 */
public record InstanceView(
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
        int inFlight,
        @Nullable Integer limit,
        double rate,
        int failed,
        int[] latency,
        @Nullable Double cost) {

    /** Returns what identifies it among the instances of all services. */
    public String key() {
        return service + "/" + id;
    }
}
