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
        assertIdentity(identity("127.0.0.1"), "gateway-1", "gateway.example");
        assertThat(identity("127.0.0.1").address().now("192.0.2.8"))
                .as("whatever the machine has")
                .isEqualTo("gateway.example");
    }

    @Test
    void boundAddress_isTheHost() throws Exception {
        assertIdentity(identity("127.0.0.1"), "gateway-127-0-0-1-22001", "127.0.0.1");
        assertThat(identity("::1").id()).matches("gateway-[0-9-]+-22001");
    }

    @Test
    void everyAddress_isTheMachines() throws Exception {
        assertIdentity(identity("0.0.0.0"), "gateway-192-0-2-7-22001", "192.0.2.7");
        assertThat(identity(null).host()).isEqualTo("192.0.2.7");
    }

    @Test
    void machinesAddress_isFollowed() throws Exception {
        assertThat(identity(null).address().now("192.0.2.7")).isEqualTo("192.0.2.7 before");
    }

    private static void assertIdentity(GatewayIdentity identity, String id, String host) {
        assertThat(identity.id()).isEqualTo(id);
        assertThat(identity.host()).isEqualTo(host);
    }

    private GatewayIdentity identity(String boundTo) throws Exception {
        GatewaySettings settings = Binder.get(environment).bindOrCreate("middleware.gateway", GatewaySettings.class);
        return GatewayIdentity.of(
                settings,
                boundTo == null ? null : InetAddress.getByName(boundTo),
                before -> before == null ? "192.0.2.7" : before + " before",
                22_001);
    }
}
