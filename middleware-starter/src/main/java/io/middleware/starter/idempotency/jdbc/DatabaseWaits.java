package io.middleware.starter.idempotency.jdbc;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many calls wait in the database for calls of other servers, as each holds a connection. A call first tries
 * for a moment; one that must wait longer needs a place, of which there is one for every two connections. Those without
 * a place look again now and then, as the key that they wait for may be free long before a place is.
 */
final class DatabaseWaits {
    /** Ends most waits: calls are short. */
    private static final Duration FIRST = Duration.ofMillis(50);

    private static final Duration GLANCE = Duration.ofMillis(1);
    private static final long PAUSE_MILLIS = 250;

    private final Semaphore places;

    /** {@code connections}: of the pool. */
    DatabaseWaits(int connections) {
        this.places = new Semaphore(Math.max(0, connections / 2), true);
    }

    /** How long one try may wait in the database; closed when it has. */
    record Try(Duration longest, boolean hasPlace, DatabaseWaits waits) implements AutoCloseable {
        @Override
        public void close() {
            if (hasPlace) {
                waits.places.release();
            }
        }
    }

    /** Returns the first try of a call, which may wait for {@code left} at most, all together. */
    Try first(Duration left) {
        return new Try(shorter(FIRST, left), false, this);
    }

    /** Waits for a place, or for a pause, without a connection, and returns the next try. */
    Try next(Duration left) {
        long begun = System.nanoTime();
        boolean hasPlace = false;
        try {
            hasPlace = places.tryAcquire(Math.min(left.toMillis(), PAUSE_MILLIS), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
        Duration rest = left.minusNanos(System.nanoTime() - begun);
        return new Try(hasPlace ? shorter(left, rest) : shorter(GLANCE, rest), hasPlace, this);
    }

    private static Duration shorter(Duration one, Duration other) {
        Duration shorter = one.compareTo(other) < 0 ? one : other;
        return shorter.isPositive() ? shorter : Duration.ofNanos(1);
    }
}
