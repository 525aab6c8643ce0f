package io.middleware.gateway.meters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Registers the meters of each instance when it comes, and removes them when it is gone. */
@Component
final class InstanceMeters implements MeterBinder {
    private final Directory directory;

    InstanceMeters(Directory directory) {
        this.directory = directory;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Map<Instance, List<Meter>> meters = new ConcurrentHashMap<>();
        directory.listen(change -> {
            Instance instance = change.instance();
            if (change.kind() == InstanceChange.Kind.GONE) {
                List<Meter> last = meters.remove(instance);
                if (last != null) {
                    last.forEach(registry::remove);
                }
            } else {
                meters.computeIfAbsent(instance, it -> bind(it, registry));
            }
        });
    }

    private static List<Meter> bind(Instance instance, MeterRegistry registry) {
        // not `instance`: Prometheus gives that name to the gateway that it asks
        Tags tags = Tags.of("service", instance.serviceName(), "server", instance.id(), "pool", lower(instance.pool()));
        List<Meter> meters = new ArrayList<>();
        for (InstanceState state : InstanceState.values()) {
            meters.add(Gauge.builder("middleware.instance.state", instance, it -> InstanceState.of(it) == state ? 1 : 0)
                    .description("1 for the state in which an instance is, 0 for the others")
                    .tags(tags.and("state", lower(state)))
                    .register(registry));
        }
        meters.add(Gauge.builder("middleware.instance.in.flight", instance, Instance::inFlight)
                .baseUnit("attempts")
                .description("Attempts at an instance that have not ended")
                .tags(tags)
                .register(registry));
        return meters;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
