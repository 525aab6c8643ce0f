package io.middleware.core.directory;

import io.middleware.core.Ticker;
import java.time.Duration;

/**
 * Knows whether all instances of a service have honoured idempotency keys for a while. A call that is sent again after its gateway
 * has died may have been executed by an instance that is gone by now, so that those of this moment are not enough.
 *
 * <p>A process that has just started knows nothing of the instances before. So it must have known them for as long as the call has
 * been on its way.
 */
final class KeysHonoured {
    /** Longer than calls usually last. */
    static final Duration WHILE = Duration.ofMinutes(1);

    /** Other gateways may have learned of a change a little later. */
    static final Duration LAG = Duration.ofSeconds(1);

    private final Ticker ticker;
    private volatile boolean known;
    private volatile long knownSince;
    private volatile long settledAt;

    KeysHonoured(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Called with the instances until a change, and with those after it; by one thread at a time. */
    void onChange(Tiers candidates) {
        if (candidates.all().isEmpty()) {
            return;
        }
        if (!known) {
            knownSince = ticker.nanos();
            settledAt = knownSince;
            known = true;
        }
        if (!candidates.honourIdempotencyKeys()) {
            settledAt = ticker.nanos() + WHILE.toNanos();
        }
    }

    /** Returns whether each instance that may have got a call honours keys, if the call was sent so long ago at most. */
    boolean since(Duration sentBefore) {
        long now = ticker.nanos();
        return known
                && now - settledAt >= 0
                && now - knownSince >= sentBefore.plus(LAG).toNanos();
    }
}
