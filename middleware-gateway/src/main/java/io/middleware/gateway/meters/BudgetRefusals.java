package io.middleware.gateway.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Counts retries and hedges that a service's budget refused. What the budget has left does not tell that: it may be
 * used up and filled again between two looks at it.
 */
@Component
final class BudgetRefusals implements CallListener {
    private final MeterRegistry registry;
    private final Map<Service, Counter> counters = new ConcurrentHashMap<>();

    BudgetRefusals(MeterRegistry registry, Directory directory) {
        this.registry = registry;
        // from the beginning at 0, so that a rate sees the first one
        directory.listen(change -> counter(change.service()));
    }

    @Override
    public void onEnd(CallRecord record) {
        Service service = record.service();
        if (service != null) {
            for (Step step : record.steps()) {
                if (isRefusal(step)) {
                    counter(service).increment();
                }
            }
        }
    }

    private static boolean isRefusal(Step step) {
        return switch (step) {
            case Step.Paid paid -> !paid.granted();
            case Step.Decided decided -> decided.decision().equals(Decision.NO_BUDGET);
            default -> false;
        };
    }

    private Counter counter(Service service) {
        return counters.computeIfAbsent(
                service,
                it -> Counter.builder("middleware.budget.refused")
                        .description("Retries and hedges that the service's budget refused")
                        .tag("service", it.name())
                        .register(registry));
    }
}
