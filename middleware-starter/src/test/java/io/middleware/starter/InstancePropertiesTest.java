package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class InstancePropertiesTest {

    @Test
    void defaults_needNothingConfigured() {
        assertThat(bind(Map.of()))
                .isEqualTo(new InstanceProperties(
                        true,
                        null,
                        null,
                        Pool.PRIMARY,
                        1,
                        null,
                        null,
                        Duration.ofMillis(500),
                        new InstanceProperties.WarmUp(Duration.ofSeconds(2), java.util.List.of()),
                        new InstanceProperties.Tls(java.util.List.of("spiffe://middleware/gateway"))));
    }

    @Test
    void blankIdAndHost_countAsUnset() {
        InstanceProperties properties = bind(Map.of("middleware.instance.id", " ", "middleware.instance.host", ""));
        assertThat(properties.id()).isNull();
        assertThat(properties.host()).isNull();
    }

    @Test
    void ipv6Host_mayHaveBrackets() {
        assertThat(bind(Map.of("middleware.instance.host", "[2001:db8::7]")).host())
                .isEqualTo("2001:db8::7");
        assertThat(bind(Map.of("middleware.instance.host", "::1")).host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caller", "header:X-Tenant", "hello.v1.Counter=field:name, a.B=none", "field:order.id"})
    void stickyRules_areTakenAsTheyAre(String rules) {
        assertThat(bind(Map.of("middleware.instance.sticky", rules)).sticky()).isEqualTo(rules);
        assertThat(bind(Map.of("middleware.instance.sticky", " ")).sticky()).isNull();
    }

    @Test
    void pool_isReadInAnyCase() {
        assertThat(bind(Map.of("middleware.instance.pool", "Secondary")).pool().tag())
                .isEqualTo("secondary");
    }

    @ParameterizedTest
    @CsvSource({
        "weight,0,1 to 65535",
        "weight,65536,1 to 65535",
        "drain-delay,-1ms,0s to 60s",
        "drain-delay,2m,0s to 60s",
        "id,1st,first a letter",
        "id,a-,last no hyphen",
        "id,a b,letters",
        "sticky,cookie:x,header:NAME",
        "sticky,a.B=,header:NAME",
        "sticky,field:a field:,header:NAME"
    })
    void badValue_isRefusedByName(String property, String value, String expected) {
        assertThatThrownBy(() -> bind(Map.of("middleware.instance." + property, value)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("middleware.instance." + property)
                .hasMessageContaining(expected);
    }

    private static InstanceProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("middleware.instance", InstanceProperties.class);
    }
}
