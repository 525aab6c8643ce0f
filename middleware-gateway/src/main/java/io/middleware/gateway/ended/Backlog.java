package io.middleware.gateway.ended;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What any number of threads hand to another one, as much as there is room for. What comes while it is full is dropped and
 * counted, so nobody waits.
 */
public final class Backlog<T> {
    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final int room;

    /** {@code room}: for how many. */
    public Backlog(int room) {
        this.room = room;
    }

    /** Adds one, unless it is full. */
    public void offer(T newer) {
        if (size.incrementAndGet() > room) {
            size.decrementAndGet();
            dropped.incrementAndGet();
        } else {
            queue.add(newer);
        }
    }

    /** Returns the oldest and removes it; null if there is none. Called by one thread at a time. */
    public @Nullable T poll() {
        T oldest = queue.poll();
        if (oldest != null) {
            size.decrementAndGet();
        }
        return oldest;
    }

    /** Returns how many were dropped so far. */
    public long dropped() {
        return dropped.get();
    }
}
