package io.middleware.gateway.consul;

import java.util.List;

import io.middleware.core.Directory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** What the directory holds and how old it is. Always up: while Consul is away, its last word is good enough to serve with. */
final class DirectoryHealthIndicator implements HealthIndicator {
    private final Directory directory;
    private final ConsulWatch watch;

    DirectoryHealthIndicator(Directory directory, ConsulWatch watch) {
        this.directory = directory;
        this.watch = watch;
    }

    @Override
    public Health health() {
        List<Integer> instances = directory.services().stream().map(service -> service.candidates().all().size())
                .filter(size -> size > 0).toList();
        return Health.up()
                .withDetail("services", instances.size())
                .withDetail("instances", instances.stream().mapToInt(Integer::intValue).sum())
                .withDetail("ageSeconds", watch.age().toSeconds())
                .build();
    }
}
