package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.core.Settings;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.stale.StaleSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class GatewaySettingsTest {

    @Test
    void calls_defaultToTheCoresDefaults() {
        assertThat(bind(Map.of()).calls().toCore()).isEqualTo(Settings.defaults());
    }

    @Test
    void values_areTakenOver() {
        GatewaySettings settings = bind(Map.of(
                "id",
                "gateway-1",
                "host",
                " ",
                "drain-delay",
                "2s",
                "grpc.port",
                "0",
                "consul.longest-wait",
                "55s",
                "calls.attempts",
                "3",
                "calls.replay.per-call",
                "1KB",
                "calls.hedge.longest-delay",
                "2s",
                "calls.silence.after",
                "20ms"));
        assertThat(settings.id()).isEqualTo("gateway-1");
        assertThat(settings.host()).as("blank is not set").isNull();
        assertThat(settings.drainDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.grpc().port()).isZero();
        assertThat(settings.consul().longestWait()).isEqualTo(Duration.ofSeconds(55));
        assertThat(settings.calls().toCore().attempts()).isEqualTo(3);
        assertThat(settings.calls().toCore().replay().perCall()).isEqualTo(1024);
        assertThat(settings.calls().toCore().hedge().longestDelay()).hasSeconds(2);
        assertThat(settings.calls().toCore().silence().after()).hasMillis(20);
    }

    @Test
    void callersAreToldDetails_onlyWhereThatIsAskedFor() {
        assertThat(bind(Map.of()).errors().details()).isFalse();
        assertThat(bind(Map.of("errors.details", "true")).errors().details()).isTrue();
    }

    @Test
    void lastGoodAnswers_areKeptOfNothingUnlessAskedFor() {
        assertThat(bind(Map.of()).calls().stale().enabled()).isFalse();
        assertThat(bind(Map.of("calls.stale.methods", " ")).calls().stale().enabled())
                .as("blank")
                .isFalse();
    }

    @Test
    void lastGoodAnswers_areKeptOfMethodsAndOfWholeServices() {
        StaleSettings stale = bind(Map.of(
                        "calls.stale.methods",
                        "hello.v1.HelloService/SayHello, shop.v1.Inventory",
                        "calls.stale.headers",
                        "Accept-Language,x-tenant",
                        "calls.stale.per-answer",
                        "2KB"))
                .calls()
                .stale();
        assertThat(stale.enabled()).isTrue();
        assertThat(stale.policy())
                .isEqualTo(new StaleResponses.Policy(
                        Set.of("/hello.v1.HelloService/SayHello"),
                        Set.of("shop.v1.Inventory"),
                        List.of("accept-language", "x-tenant"),
                        2048));
        assertThat(stale.policy().covers("/shop.v1.Inventory/Count")).isTrue();
        assertThat(stale.policy().covers("/hello.v1.HelloService/Other")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id                        | -a    | id: -a (expected: letters, digits and hyphens, first a letter, last no hyphen)",
                "id                        | 1     | id: 1 (expected: letters, digits and hyphens, first a letter, last no hyphen)",
                "drain-delay               | 61s   | drain-delay: PT1M1S (expected: 0s to 60s)",
                "warm-up                   | 11s   | warm-up: PT11S (expected: 0s to 10s)",
                "grpc.port                 | 65536 | port: 65536 (expected: 0 to 65535)",
                "http.allowed-origins      | shop.example | http.allowed-origins: shop.example (expected: a scheme and a host,"
                        + " perhaps a port, such as https://shop.example:8443; or * for all)",
                "consul.longest-wait       | 900ms | longest-wait: PT0.9S (expected: 1s to 10m)",
                "connections.connect-timeout | 9ms | connect-timeout: PT0.009S (expected: 10ms to 1m)",
                "calls.attempts            | 0     | attempts: 0 (expected: 1 to 100)",
                "calls.budget.ratio        | 1.5   | budget.ratio: 1.5 (expected: 0 to 1)",
                "calls.ejection.first-probe| 1ms   | ejection.first-probe: PT0.001S (expected: 10 ms or more)",
                "calls.hedge.shortest-delay| 0s    | hedge.shortest-delay: PT0S (expected: 1 ms to a day)",
                "calls.stale.methods       | SayHello/ | stale.methods: SayHello/ (expected: package.Service/Method or"
                        + " package.Service, such as hello.v1.HelloService/SayHello)",
                "calls.stale.methods       | /hello.v1.HelloService/SayHello | stale.methods: /hello.v1.HelloService/SayHello"
                        + " (expected: package.Service/Method or package.Service, such as hello.v1.HelloService/SayHello)",
                "calls.stale.headers       | accept language | stale.headers: accept language (expected: the name of a header,"
                        + " such as accept-language)",
                "calls.stale.headers       | Cookie | stale.headers: [cookie] (expected: none of [authorization, cookie],"
                        + " with which no response is kept)",
                "calls.stale.per-answer    | 100B  | stale.per-answer: 100B (expected: 1KB to 64MB)",
                "calls.stale.total         | 10KB  | stale.total: 10240B (expected: stale.per-answer to 16GB)",
                "calls.stale.longest-age   | 100ms | stale.longest-age: PT0.1S (expected: 1s to 30d)",
                "calls.silence.ping-limit  | 4ms   | silence.ping-limit: PT0.004S (expected: 5 ms to 1 min)"
            })
    void wrongValue_saysWhatIsExpected(String name, String value, String message) {
        assertThatThrownBy(() -> bind(Map.of(name, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static GatewaySettings bind(Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put("middleware.gateway." + name, value));
        return new Binder(source).bindOrCreate("middleware.gateway", GatewaySettings.class);
    }
}
