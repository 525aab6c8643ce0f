package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

class GatewayIdentityTest {
    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void settings_comeFirst() throws Exception {
        environment.setProperty("middleware.gateway.id", "gateway-1");
        environment.setProperty("middleware.gateway.host", "gateway.example");
        assertThat(identity("127.0.0.1")).isEqualTo(new GatewayIdentity("gateway-1", "gateway.example"));
    }

    @Test
    void boundAddress_isTheHost() throws Exception {
        assertThat(identity("127.0.0.1")).isEqualTo(new GatewayIdentity("gateway-127-0-0-1-22001", "127.0.0.1"));
        assertThat(identity("::1").id()).matches("gateway-[0-9-]+-22001");
    }

    @Test
    void everyAddress_isTheMachines() throws Exception {
        assertThat(identity("0.0.0.0")).isEqualTo(new GatewayIdentity("gateway-192-0-2-7-22001", "192.0.2.7"));
        assertThat(identity(null).host()).isEqualTo("192.0.2.7");
    }

    private GatewayIdentity identity(String boundTo) throws Exception {
        GatewaySettings settings = Binder.get(environment).bindOrCreate("middleware.gateway", GatewaySettings.class);
        return GatewayIdentity.of(settings, boundTo == null ? null : InetAddress.getByName(boundTo), () -> "192.0.2.7", 22_001);
    }
}
