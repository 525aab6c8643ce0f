package io.middleware.gateway.consul;

import io.middleware.starter.ConsulToken;
import io.middleware.testsupport.ConsulServer;
import java.net.URI;
import java.time.Duration;

/** The store of a real Consul, as gateways read it. {@code close}: ends the connections. */
public record StoreFixture(KeyValues store, AutoCloseable close) {
    public static StoreFixture of(ConsulServer consul, String token) {
        ConsulHttp http = new ConsulHttp(
                URI.create("http://" + consul.host() + ":" + consul.port()),
                null,
                ConsulToken.fixed(token),
                Duration.ofSeconds(1));
        return new StoreFixture(new ConsulKeyValues(http), http);
    }
}
