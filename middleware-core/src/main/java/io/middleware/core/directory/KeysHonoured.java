package io.middleware.core.directory;

import io.middleware.core.Ticker;
import java.time.Duration;

/**
 * Knows whether all instances of a service have honoured idempotency keys for a while. A call that is sent again after its gateway
 * has died may have been executed by an instance that is gone by now, so that those of this moment are not enough.
 */
final class KeysHonoured {
    /** Longer than calls usually last. */
    static final Duration WHILE = Duration.ofMinutes(1);

    private final Ticker ticker;
    private volatile long settledAt;

    KeysHonoured(Ticker ticker) {
        this.ticker = ticker;
        this.settledAt = ticker.nanos();
    }

    /** Called with the instances until a change, and with those after it. */
    void onChange(Tiers candidates) {
        if (!candidates.all().isEmpty() && !candidates.honourIdempotencyKeys()) {
            settledAt = ticker.nanos() + WHILE.toNanos();
        }
    }

    boolean settled() {
        return ticker.nanos() - settledAt >= 0;
    }
}
