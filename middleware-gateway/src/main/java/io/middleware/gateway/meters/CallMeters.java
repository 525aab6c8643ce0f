package io.middleware.gateway.meters;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.middleware.core.Counts;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/**
 * Registers the meters of each service when it appears. They read the core's counters on demand. Only the duration of a
 * call is recorded on the way of the call, into a timer that is already at hand.
 */
@Component
final class CallMeters implements MeterBinder {
    private static final String SERVICE = "service";

    private final Directory directory;
    private final Failover failover;

    CallMeters(Directory directory, Failover failover) {
        this.directory = directory;
        this.failover = failover;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("middleware.replay.held", failover, Failover::heldBytes)
                .baseUnit("bytes")
                .description("Bytes of requests that are kept for another attempt")
                .register(registry);
        FunctionCounter.builder("middleware.pauses", failover, Failover::pauses)
                .baseUnit("pauses")
                .description(
                        "Pauses of this gateway of more than 20 ms, during which silence of a server is no evidence")
                .register(registry);
        Set<Service> known = ConcurrentHashMap.newKeySet();
        directory.listen(change -> {
            Service service = change.service();
            if (known.add(service)) {
                bind(service, registry);
            }
        });
    }

    private static void bind(Service service, MeterRegistry registry) {
        Counts counts = service.counts();
        counts.listen(new CallTimers(service.name(), registry));
        for (Counts.Ending ending : Counts.Ending.values()) {
            counter(
                    registry,
                    service,
                    "middleware.attempts",
                    "attempts",
                    "Attempts by how they ended",
                    "outcome",
                    ending,
                    it -> it.attempts(ending));
            if (ending != Counts.Ending.ANSWERED && ending != Counts.Ending.GIVEN_UP) {
                counter(
                        registry,
                        service,
                        "middleware.retries",
                        "retries",
                        "Retries, by how the attempt before ended; hedges not included",
                        "reason",
                        ending,
                        it -> it.retries(ending));
            }
        }
        // not those started: a sum over all outcomes would count each hedge twice
        for (Counts.Hedge became : List.of(Counts.Hedge.WON, Counts.Hedge.LOST)) {
            counter(
                    registry,
                    service,
                    "middleware.hedges",
                    "hedges",
                    "Hedges, by whether the caller got their response",
                    "outcome",
                    became,
                    it -> it.hedges(became));
        }
        for (Counts.Cause cause : Counts.Cause.values()) {
            counter(
                    registry,
                    service,
                    "middleware.ejections",
                    "ejections",
                    "Ejections of instances",
                    "cause",
                    cause,
                    it -> it.ejections(cause));
        }
        for (Counts.Fallback fallback : Counts.Fallback.values()) {
            counter(
                    registry,
                    service,
                    "middleware.fallbacks",
                    "fallbacks",
                    "Calls that got a response from other than a primary",
                    "kind",
                    fallback,
                    it -> it.fallbacks(fallback));
        }
        Gauge.builder("middleware.instances.limited", service, CallMeters::limited)
                .baseUnit("instances")
                .description("Instances whose calls in flight are limited, because calls queue up there")
                .tag(SERVICE, service.name())
                .register(registry);
        Gauge.builder("middleware.budget.left", service, it -> it.budget().left())
                .baseUnit("attempts")
                .description("Retries that the service's budget allows at the moment")
                .tag(SERVICE, service.name())
                .register(registry);
    }

    private static double limited(Service service) {
        return service.candidates().all().stream()
                .filter(instance -> instance.limitInForce().isPresent())
                .count();
    }

    private static void counter(
            MeterRegistry registry,
            Service service,
            String name,
            String unit,
            String description,
            String tag,
            Enum<?> value,
            ToDoubleFunction<Counts> count) {
        FunctionCounter.builder(name, service.counts(), count)
                .baseUnit(unit)
                .description(description)
                .tags(SERVICE, service.name(), tag, value.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
