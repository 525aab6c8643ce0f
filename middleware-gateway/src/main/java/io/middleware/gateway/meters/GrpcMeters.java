package io.middleware.gateway.meters;

import io.micrometer.core.instrument.MeterRegistry;
import io.middleware.core.directory.Service;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Shows calls by the names that gRPC's own clients use, so that what reads those reads a gateway, too. They are counted
 * at a call's end, of which they are the only meters by method.
 *
 * <p>Sources: gRFC A66 (attempts and durations) and A96 (retries, hedges).
 */
@Component
final class GrpcMeters implements CallListener {
    /** Takes the place of what is no method of a descriptor: callers may send any path. */
    private static final String OTHER = "other";

    /** Of what no service serves: there is no such call, and nothing was attempted. */
    private static final String NO_SERVICE = "none";

    private final MeterRegistry registry;
    private final CallTimers withoutService;
    private final Map<Service, Map<String, MethodMeters>> methods = new ConcurrentHashMap<>();

    GrpcMeters(MeterRegistry registry) {
        this.registry = registry;
        this.withoutService = new CallTimers(NO_SERVICE, registry);
    }

    @Override
    public void onEnd(CallRecord record) {
        Service service = record.service();
        if (service == null) {
            withoutService.onCallEnd(record.end().code(), record.nanos());
        } else {
            AttemptTally.enter(record, meters(service, record.path()));
        }
    }

    private MethodMeters meters(Service service, String path) {
        // get before computeIfAbsent, which may take a lock for what is there
        Map<String, MethodMeters> known = methods.get(service);
        if (known == null) {
            known = methods.computeIfAbsent(service, it -> new ConcurrentHashMap<>());
        }
        String method = service.describes(path) ? path : OTHER;
        MethodMeters meters = known.get(method);
        return meters != null ? meters : known.computeIfAbsent(method, it -> newMeters(service, it));
    }

    private MethodMeters newMeters(Service service, String method) {
        // without the slash, as gRPC's clients write it
        return new MethodMeters(registry, service.name(), method.equals(OTHER) ? method : method.substring(1));
    }
}
