package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the heap that large translations between JSON and messages take at a time. Counts what they build, not the
 * bytes that they read: a number of two bytes becomes objects of more than a hundred. Thread-safe; used off the event
 * loops only.
 */
public final class JsonMemory {
    /**
     * Percent of the heap. The rest is for the bodies themselves, for calls in flight and for the garbage collector.
     */
    private static final int PERCENT = 40;

    private static final int MB = 1 << 20;

    private final long most;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition freed = lock.newCondition();
    private long taken;

    JsonMemory(long most) {
        this.most = most;
    }

    /** Returns a bound of a share of this JVM's heap. */
    public static JsonMemory ofHeap() {
        return new JsonMemory(Runtime.getRuntime().maxMemory() / 100 * PERCENT);
    }

    /**
     * Takes so many bytes, and waits while others hold them.
     *
     * @return false if the time ran out first
     * @throws Refusal if there will never be so many
     */
    boolean take(long bytes, long nanos) throws InterruptedException {
        if (bytes > most) {
            throw new ConnectError(
                            Code.RESOURCE_EXHAUSTED,
                            "as values the JSON would take " + Math.ceilDiv(bytes, MB)
                                    + " MB of memory (expected: at most " + most / MB + " MB)")
                    .refusal();
        }
        long left = nanos;
        lock.lock();
        try {
            while (taken + bytes > most && left > 0) {
                left = freed.awaitNanos(left);
            }
            if (taken + bytes > most) {
                return false;
            }
            taken += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(long bytes) {
        lock.lock();
        try {
            taken -= bytes;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The longest that a translation without a deadline waits for others. */
    static long longestWait() {
        return TimeUnit.MINUTES.toNanos(1);
    }
}
