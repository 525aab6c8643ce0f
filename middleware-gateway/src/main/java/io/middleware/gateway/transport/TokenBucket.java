package io.middleware.gateway.transport;

import java.util.concurrent.TimeUnit;

/** Tokens that come back with time, up to as many as there were at first. Confined to one thread. */
final class TokenBucket {
    private final int capacity;
    private final long nanosPerToken;
    private int tokens;
    private long filledAt = System.nanoTime();

    TokenBucket(int capacity, int perSecond) {
        this.capacity = capacity;
        this.nanosPerToken = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.tokens = capacity;
    }

    /** Takes so many; returns false, and takes none, if fewer are left. */
    boolean take(int wanted) {
        if (tokens == capacity) {
            // what came back while it was full is lost
            filledAt = System.nanoTime();
        } else if (tokens < wanted) {
            fill(System.nanoTime());
        }
        if (tokens < wanted) {
            return false;
        }
        tokens -= wanted;
        return true;
    }

    /** Adds so many, up to the capacity. */
    void give(int more) {
        tokens = Math.min(capacity, tokens + more);
    }

    private void fill(long now) {
        long due = (now - filledAt) / nanosPerToken;
        if (due >= capacity) {
            tokens = capacity;
            filledAt = now;
        } else {
            give((int) due);
            filledAt += due * nanosPerToken;
        }
    }
}
