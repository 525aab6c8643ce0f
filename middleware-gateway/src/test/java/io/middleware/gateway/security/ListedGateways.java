package io.middleware.gateway.security;

import io.middleware.gateway.consul.RegistryLookup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry with gateways, and nothing else of interest. */
record ListedGateways(List<RegistryLookup.Gateway> gateways) implements RegistryLookup {
    @Override
    public void listen(Listener listener) {}

    @Override
    public Duration age() {
        return Duration.ZERO;
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public Map<String, Instant> heartbeats() {
        return Map.of();
    }

    @Override
    public List<FaultPort> faultPorts(String service) {
        return List.of();
    }
}
