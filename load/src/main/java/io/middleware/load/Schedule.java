package io.middleware.load;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When calls are due: those of each kind at equal intervals, whatever happens to earlier ones. This is an open loop, as
 * real callers are: they do not wait for each other. A closed loop would hide a server's pause by not sending calls
 * during it.
 *
 * <pre>
 * due(n) = (n + 1/2) / rate    n = 0, 1, ...; while due(n) is before the end
 * </pre>
 */
final class Schedule {

    /** @param dueNanos time since the start */
    record Arrival(Kind kind, long dueNanos) {}

    private static final double SECOND = 1e9;

    private final Map<Kind, Double> perSecond;
    private final long nanos;
    private final Map<Kind, Long> next = new EnumMap<>(Kind.class);

    /** @param perSecond calls a second of each kind */
    Schedule(Map<Kind, Double> perSecond, long nanos) {
        this.perSecond = new EnumMap<>(Kind.class);
        perSecond.forEach((kind, rate) -> {
            if (rate > 0) {
                this.perSecond.put(kind, rate);
                next.put(kind, 0L);
            }
        });
        this.nanos = nanos;
    }

    /** Returns the next call; null after the last. */
    @Nullable
    Arrival next() {
        Kind kind =
                next.keySet().stream().min(Comparator.comparingLong(this::due)).orElse(null);
        if (kind == null || due(kind) >= nanos) {
            return null;
        }
        long due = due(kind);
        next.merge(kind, 1L, Long::sum);
        return new Arrival(kind, due);
    }

    /** Returns the number of all calls. */
    long planned() {
        long calls = 0;
        for (double rate : perSecond.values()) {
            calls += Math.max(0, (long) Math.ceil(nanos / SECOND * rate - 0.5));
        }
        return calls;
    }

    private long due(Kind kind) {
        double number = next.getOrDefault(kind, 0L) + 0.5;
        return (long) (number / perSecond.getOrDefault(kind, 0.0) * SECOND);
    }
}
