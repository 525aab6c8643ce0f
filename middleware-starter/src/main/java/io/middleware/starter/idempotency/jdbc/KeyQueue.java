package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.CallKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one call of each key at a time go on at this server. The others wait here, without a connection: fifty repeats
 * of a long call would otherwise empty the pool, and with it stop all other calls.
 */
final class KeyQueue {
    private final Map<ByteBuffer, Line> lines = new ConcurrentHashMap<>();

    /** The calls with one key; {@code calls}: how many are in it, only changed by the map's own atomic operations. */
    private static final class Line {
        final Semaphore turn = new Semaphore(1, true);
        int calls;
    }

    /** The right to go on, given back by closing. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits until those before have ended. Returns null if that takes longer. */
    @Nullable
    Turn enter(CallKey key, Duration longest) {
        ByteBuffer id = ByteBuffer.wrap(key.id());
        Line line = lines.compute(id, (_, known) -> {
            Line joined = known == null ? new Line() : known;
            joined.calls++;
            return joined;
        });
        if (awaits(line, longest)) {
            return () -> {
                line.turn.release();
                leave(id);
            };
        }
        leave(id);
        return null;
    }

    private static boolean awaits(Line line, Duration longest) {
        try {
            return line.turn.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void leave(ByteBuffer id) {
        lines.computeIfPresent(id, (_, line) -> --line.calls == 0 ? null : line);
    }

    /** Returns the number of keys that calls have now. */
    int size() {
        return lines.size();
    }
}
