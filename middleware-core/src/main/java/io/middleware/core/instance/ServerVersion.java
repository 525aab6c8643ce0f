package io.middleware.core.instance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the server of an instance is still the one that described itself. A restarted server may be of another version, which
 * promises less of its methods.
 */
public final class ServerVersion {
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile int describedAt;

    /**
     * Called when a connection to it has ended: the server may have been replaced. Until {@link #described}, no attempt on it counts
     * as idempotent.
     */
    public void renewed() {
        renewals.incrementAndGet();
    }

    /** Returns how often it was {@linkplain #renewed}. Read this before asking the server for its description. */
    public int renewals() {
        return renewals.get();
    }

    /** Called when its methods' promises are known; {@code atRenewals}: the {@link #renewals} before the question. */
    public void described(int atRenewals) {
        describedAt = atRenewals;
    }

    /** Returns the {@link #renewals} of the last description. */
    public int describedAt() {
        return describedAt;
    }

    /** Returns whether the server may have been replaced since it was described. */
    public boolean inDoubt() {
        return renewals.get() != describedAt;
    }
}
