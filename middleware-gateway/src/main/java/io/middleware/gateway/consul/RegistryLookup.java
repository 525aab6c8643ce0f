package io.middleware.gateway.consul;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the registry knows and only people want to know. No call depends on it, so it is asked when somebody looks. */
public interface RegistryLookup {
    /** A gateway as the registry lists it; {@code passing}: its heartbeat comes. */
    record Gateway(String id, String host, int port, boolean passing) {}

    /** Where an instance takes orders to fail. */
    record FaultPort(String host, int servicePort, int port) {}

    /** Gets to know when the registry stops giving usable responses, and when it gives them again. */
    interface Listener {
        /** {@code age}: of its last response. Must return at once. */
        void onChange(boolean away, Duration age);
    }

    /** Adds a listener. */
    void listen(Listener listener);

    /** Returns the age of the registry's last response; 0 while it responds. */
    Duration age();

    /** Returns why there is no usable response, for a person; empty while there is one. */
    Optional<String> problem();

    /** Returns all gateways, this one among them. */
    List<Gateway> gateways() throws IOException, InterruptedException;

    /** Returns when the last heartbeat of a service came, by its id, of those whose heartbeats are known. */
    Map<String, Instant> heartbeats() throws IOException, InterruptedException;

    /** Returns where the instances of a service take orders to fail, of those that do. */
    List<FaultPort> faultPorts(String service) throws IOException, InterruptedException;
}
