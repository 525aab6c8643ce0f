package io.middleware.gateway.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.middleware.core.Code;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.DoubleStream;

/** The meters of one method, with the names, labels, units and buckets of gRFC A66 and A96. */
final class MethodMeters {
    /** Those of A66 in seconds, without its 0. */
    private static final Duration[] LATENCY = DoubleStream.of(
                    0.00001, 0.00005, 0.0001, 0.0003, 0.0006, 0.0008, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008,
                    0.01, 0.013, 0.016, 0.02, 0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3,
                    0.4, 0.5, 0.65, 0.8, 1, 2, 5, 10, 20, 50, 100)
            .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter started;
    private final DistributionSummary retries;
    private final DistributionSummary transparentRetries;
    private final DistributionSummary hedges;
    private final Timer retryDelay;
    private final AtomicReferenceArray<Timer> attempts = new AtomicReferenceArray<>(Code.values().length);
    private final AtomicReferenceArray<Timer> calls = new AtomicReferenceArray<>(Code.values().length);

    /** {@code method}: {@code package.Service/Method}. */
    MethodMeters(MeterRegistry registry, String service, String method) {
        this.registry = registry;
        this.tags = Tags.of("grpc.method", method, "grpc.target", "consul:///" + service);
        this.started = Counter.builder("grpc.client.attempt.started")
                .description("Attempts that were started, of calls that have ended")
                .tags(tags)
                .register(registry);
        this.retries = summary("grpc.client.call.retries", "Retries of a call that had some", 1, 2, 3, 4, 5);
        this.transparentRetries = summary(
                "grpc.client.call.transparent_retries",
                "Retries of a call after attempts that no server can have seen, if it had some",
                1,
                2,
                3,
                4,
                5,
                10);
        this.hedges = summary("grpc.client.call.hedges", "Hedges of a call that had some", 1, 2, 3, 4, 5);
        this.retryDelay = timer(
                "grpc.client.call.retry_delay", "Time without an attempt in flight, of calls with more than one", tags);
    }

    void attemptStarted() {
        started.increment();
    }

    void attemptEnded(Code status, long nanos) {
        record(
                attempts,
                "grpc.client.attempt.duration",
                "Attempts, from choosing an instance to their end",
                status,
                nanos);
    }

    void callEnded(Code status, long nanos) {
        record(calls, "grpc.client.call.duration", "Calls, from their headers to their end", status, nanos);
    }

    /** Called for a call with more than one attempt. {@code delay}: nanoseconds without an attempt in flight. */
    void repeated(int retried, int transparently, int hedged, long delay) {
        if (retried > 0) {
            retries.record(retried);
        }
        if (transparently > 0) {
            transparentRetries.record(transparently);
        }
        if (hedged > 0) {
            hedges.record(hedged);
        }
        retryDelay.record(delay, TimeUnit.NANOSECONDS);
    }

    private void record(AtomicReferenceArray<Timer> timers, String name, String description, Code status, long nanos) {
        Timer timer = timers.getPlain(status.ordinal());
        if (timer == null) {
            timer = timer(name, description, tags.and("grpc.status", status.name()));
            timers.set(status.ordinal(), timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String name, String description, Tags with) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(LATENCY)
                .tags(with)
                .register(registry);
    }

    private DistributionSummary summary(String name, String description, double... buckets) {
        return DistributionSummary.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .tags(tags)
                .register(registry);
    }
}
