package io.middleware.gateway.security.limit;

import io.middleware.core.Ticker;
import java.time.Duration;
import java.util.Set;

/**
 * Of how many gateways this is one, as the registry says. A gateway that comes counts at once, so that the shares of all are never
 * more than the whole. One that has gone counts for {@value #LEFT_SECONDS} s more: it leaves the registry before it stops to
 * serve. While the registry does not respond, the last number stays.
 */
final class GatewayCount {
    static final int LEFT_SECONDS = 10;

    private static final long LEFT = Duration.ofSeconds(LEFT_SECONDS).toNanos();

    private final String own;
    private final Ticker ticker;
    private long lastSeenSoMany;
    private volatile int count = 1;

    /** {@code own}: the id of this gateway, which counts even before it is listed. */
    GatewayCount(String own, Ticker ticker) {
        this.own = own;
        this.ticker = ticker;
    }

    /** Called with the ids of those whose heartbeat comes, by one thread. */
    void onListed(Set<String> passing) {
        int now = passing.size() + (passing.contains(own) ? 0 : 1);
        if (now >= count || ticker.nanos() - lastSeenSoMany > LEFT) {
            count = now;
            lastSeenSoMany = ticker.nanos();
        }
    }

    int get() {
        return count;
    }
}
