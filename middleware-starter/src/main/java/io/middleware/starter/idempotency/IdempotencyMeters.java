package io.middleware.starter.idempotency;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.middleware.starter.idempotency.EffectLedger.Result;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What became of the calls with keys, what that cost, and how large the table is. */
public final class IdempotencyMeters implements MeterBinder {

    private enum Outcome {
        EXECUTED,
        DISCARDED,
        REPLAYED,
        MISMATCHED,
        BUSY,
        UNAVAILABLE,
        NOT_COMMITTED
    }

    private final Map<Outcome, LongAdder> calls = new EnumMap<>(Outcome.class);
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable Timer added;

    public IdempotencyMeters() {
        for (Outcome outcome : Outcome.values()) {
            calls.put(outcome, new LongAdder());
        }
    }

    /** Counts a call; {@code outside}: how long it took without the method itself. */
    void count(Result result, Duration outside) {
        Outcome outcome = outcome(result);
        Objects.requireNonNull(calls.get(outcome)).increment();
        Timer timer = added;
        if (timer != null && outcome == Outcome.EXECUTED) {
            timer.record(outside);
        }
    }

    private static Outcome outcome(Result result) {
        return switch (result) {
            case Result.Executed _ -> Outcome.EXECUTED;
            case Result.Discarded _ -> Outcome.DISCARDED;
            case Result.Replayed _ -> Outcome.REPLAYED;
            case Result.Refused refused ->
                switch (refused.reason()) {
                    case MISMATCHED -> Outcome.MISMATCHED;
                    case BUSY -> Outcome.BUSY;
                    case UNAVAILABLE -> Outcome.UNAVAILABLE;
                    case NOT_COMMITTED -> Outcome.NOT_COMMITTED;
                };
        };
    }

    /** Notes the size of the table; {@code newBytes} is 0 where the database does not tell. */
    public void onTableSize(long newRows, long newBytes) {
        rows.set(newRows);
        bytes.set(newBytes);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        calls.forEach((outcome, count) -> FunctionCounter.builder(
                        "middleware.idempotency.calls", count, LongAdder::doubleValue)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .description("Calls with an idempotency key, by what became of them")
                .register(registry));
        Gauge.builder("middleware.idempotency.rows", rows, AtomicLong::doubleValue)
                .description("Keys in the table when it was swept last")
                .register(registry);
        Gauge.builder("middleware.idempotency.size", bytes, AtomicLong::doubleValue)
                .baseUnit("bytes")
                .description("Size of the table with its indexes, where the database tells it")
                .register(registry);
        added = Timer.builder("middleware.idempotency.added")
                .description("Time of an executed call outside of its method: key, response and commit")
                .publishPercentileHistogram(false)
                .register(registry);
    }
}
