package io.middleware.gateway.consul;

import io.middleware.core.directory.Directory;
import io.middleware.starter.ConsulToken;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Reports the size and age of the directory. Up after the first response from Consul: if Consul goes away later, the
 * last known instances are good enough to serve with.
 */
final class DirectoryHealthIndicator implements HealthIndicator {
    private final Directory directory;
    private final ConsulReachability reachability;
    private final ConsulToken token;
    private final InstantSource clock;

    DirectoryHealthIndicator(
            Directory directory, ConsulReachability reachability, ConsulToken token, InstantSource clock) {
        this.directory = directory;
        this.reachability = reachability;
        this.token = token;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Health.Builder health = directory.loaded()
                ? Health.up()
                : Health.outOfService().withDetail("reason", "Consul has not sent the instances yet");
        List<Integer> instances = directory.services().stream()
                .map(service -> service.known().size())
                .filter(size -> size > 0)
                .toList();
        token.problem().ifPresent(problem -> health.withDetail("consulToken", problem));
        return health.withDetail("services", instances.size())
                .withDetail(
                        "instances",
                        instances.stream().mapToInt(Integer::intValue).sum())
                .withDetail("ageSeconds", reachability.age().toSeconds())
                .withDetail(
                        "consul", reachability.problem().map(this::sinceWhen).orElse("responds"))
                .build();
    }

    private String sinceWhen(String problem) {
        return "no usable response since "
                + clock.instant().minus(reachability.age()).truncatedTo(ChronoUnit.SECONDS) + ": " + problem;
    }
}
