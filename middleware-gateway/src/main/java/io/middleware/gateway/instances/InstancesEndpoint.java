package io.middleware.gateway.instances;

import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** {@code GET /actuator/instances}: the instances as this gateway sees them now, and their last changes. */
@Component
@Endpoint(id = "instances")
final class InstancesEndpoint {

    private final Directory directory;
    private final InstanceChanges changes;

    /** @param changes oldest first */
    record Answer(List<State> instances, List<RecordedChange> changes) {}

    /**
     * An instance.
     *
     * @param standing what the registry says: {@code passing}, {@code failing}, {@code maintenance} or, not believed
     *                 yet, {@code unconfirmed}
     * @param ejected  out of the choice by what calls saw
     * @param because  of an ejected one, what they saw; else null
     * @param inFlight calls that this gateway waits for
     * @param limit    how many unary ones it may have at a time, because there calls wait in a queue; else null
     */
    record State(
            String service,
            String id,
            String pool,
            String host,
            int port,
            String standing,
            boolean ejected,
            @Nullable String because,
            int inFlight,
            @Nullable Integer limit) {}

    InstancesEndpoint(Directory directory, InstanceChanges changes) {
        this.directory = directory;
        this.changes = changes;
    }

    @ReadOperation
    Answer instances() {
        List<State> states = directory.services().stream()
                .flatMap(service -> service.candidates().all().stream())
                .map(InstancesEndpoint::state)
                .toList();
        return new Answer(states, changes.last());
    }

    private static State state(Instance instance) {
        boolean ejected = instance.ejected();
        OptionalInt limit = instance.limitInForce();
        return new State(
                instance.serviceName(),
                instance.id(),
                lower(instance.pool()),
                instance.registration().host(),
                instance.registration().port(),
                lower(instance.status()),
                ejected,
                ejected ? instance.ejectedBecause() : null,
                instance.inFlight(),
                limit.isPresent() ? limit.getAsInt() : null);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
