package io.middleware.starter.exposure;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.starter.WrongSettingException;
import java.util.Map;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class KnownSecuritySettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "middleware.security.required",
                "middleware.security.rules",
                "middleware.security.keys.consul-prefix",
                "middleware.security.jwt.jwksUri",
                "middleware.security.limits.callers"
            })
    void settingOfThisOrOfTheGateway_isKnown(String name) {
        assertThatCode(() -> check(name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "middleware.security.requierd",
                "middleware.security.require",
                "middleware.security.is-required",
                "middleware.security.required.yes"
            })
    void misspeltOne_stopsTheStart(String name) {
        assertThatThrownBy(() -> check(name))
                .isInstanceOf(WrongSettingException.class)
                .hasMessage("There is no setting " + name + ". The nearest setting is middleware.security.required.");
    }

    private static void check(String name) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(name, "true")));
        new KnownSecuritySettings(destination -> LogFactory.getLog("test"))
                .postProcessEnvironment(environment, new SpringApplication());
    }
}
