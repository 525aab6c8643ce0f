package io.middleware.starter;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while the gRPC server listens. An unreachable Consul is shown as a detail but does not make the instance down.
 */
final class InstanceHealthIndicator extends AbstractHealthIndicator {

    private final BooleanSupplier listening;
    private final Supplier<Optional<InstanceRegistration>> registration;
    private final Supplier<Optional<ConsulReachability>> reachability;
    private final Supplier<Optional<String>> tokenProblem;

    InstanceHealthIndicator(
            BooleanSupplier listening,
            Supplier<Optional<InstanceRegistration>> registration,
            Supplier<Optional<ConsulReachability>> reachability,
            Supplier<Optional<String>> tokenProblem) {
        this.listening = listening;
        this.registration = registration;
        this.reachability = reachability;
        this.tokenProblem = tokenProblem;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (listening.getAsBoolean()) {
            builder.up();
        } else {
            builder.outOfService();
        }
        registration.get().map(InstanceRegistration::getInstanceId).ifPresent(id -> builder.withDetail("id", id));
        Optional<ConsulReachability> consul = reachability.get();
        consul.flatMap(ConsulReachability::awaySince)
                .ifPresent(since -> builder.withDetail("consulAwaySince", since.toString()));
        consul.flatMap(ConsulReachability::problem).ifPresent(reason -> builder.withDetail("consulProblem", reason));
        tokenProblem.get().ifPresent(problem -> builder.withDetail("consulToken", problem));
    }
}
