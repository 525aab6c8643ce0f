package io.middleware.gateway.meters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.LongStream;

/**
 * Records how long a service's calls take, by the code that they end with: one timer a code, created when it is first
 * needed, or at once.
 */
final class CallTimers implements Counts.Listener {
    private static final Duration[] BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    /**
     * The codes by which a gateway itself ends calls. Their timers exist from the beginning: a rate does not see the
     * first call of a series that begins with it.
     */
    private static final Set<Code> BY_GATEWAY = EnumSet.of(
            Code.OK, Code.CANCELLED, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL, Code.UNAVAILABLE);

    private final String service;
    private final MeterRegistry registry;
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(Code.values().length);

    CallTimers(String service, MeterRegistry registry) {
        this.service = service;
        this.registry = registry;
        BY_GATEWAY.forEach(this::timer);
    }

    @Override
    public void onCallEnd(Code code, long nanos) {
        timer(code).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Code code) {
        Timer timer = timers.getPlain(code.ordinal());
        if (timer == null) {
            timer = Timer.builder("middleware.calls")
                    .description("Calls, from their headers to their end, by how they ended")
                    .serviceLevelObjectives(BUCKETS)
                    .tags("service", service, "code", code.name())
                    .register(registry);
            timers.set(code.ordinal(), timer);
        }
        return timer;
    }
}
