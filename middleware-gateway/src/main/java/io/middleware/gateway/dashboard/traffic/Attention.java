package io.middleware.gateway.dashboard.traffic;

import io.middleware.core.Ticker;
import java.util.concurrent.TimeUnit;

/** Whether anybody looks. What is only there to be looked at is done meanwhile, and a little longer. */
public final class Attention {
    static final long LASTS = TimeUnit.SECONDS.toNanos(15);

    private final Ticker ticker;
    private volatile boolean ever;
    private volatile long last;

    public Attention(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Called when somebody looks. */
    public void paid() {
        last = ticker.nanos();
        ever = true;
    }

    public boolean isPaid() {
        return ever && ticker.nanos() - last < LASTS;
    }
}
