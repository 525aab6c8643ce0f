package io.middleware.gateway.consul;

import io.middleware.core.Directory;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * What the directory holds and how old it is. Up once Consul was heard: while it is away after that, its last word is good enough
 * to serve with.
 */
final class DirectoryHealthIndicator implements HealthIndicator {
    private final Directory directory;
    private final ConsulReachability reachability;
    private final InstantSource clock;

    DirectoryHealthIndicator(Directory directory, ConsulReachability reachability, InstantSource clock) {
        this.directory = directory;
        this.reachability = reachability;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Health.Builder health = directory.loaded()
                ? Health.up()
                : Health.outOfService().withDetail("reason", "Consul has not said yet which instances there are");
        List<Integer> instances = directory.services().stream()
                .map(service -> service.candidates().all().size())
                .filter(size -> size > 0)
                .toList();
        return health.withDetail("services", instances.size())
                .withDetail(
                        "instances",
                        instances.stream().mapToInt(Integer::intValue).sum())
                .withDetail("ageSeconds", reachability.age().toSeconds())
                .withDetail(
                        "consul", reachability.problem().map(this::sinceWhen).orElse("answers"))
                .build();
    }

    private String sinceWhen(String problem) {
        return "no usable answer since "
                + clock.instant().minus(reachability.age()).truncatedTo(ChronoUnit.SECONDS) + ": " + problem;
    }
}
