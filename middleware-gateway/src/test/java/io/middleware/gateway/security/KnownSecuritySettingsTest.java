package io.middleware.gateway.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.starter.WrongSettingException;
import java.util.Map;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class KnownSecuritySettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "middleware.security.rules",
                "middleware.security.required",
                "middleware.security.keys.file",
                "middleware.security.jwt.jwksUri",
                "middleware.security.jwt.algorithms[0]",
                "middleware.security.limits.callers"
            })
    void setting_isKnown(String name) {
        assertThatCode(() -> check(name)).doesNotThrowAnyException();
    }

    @Test
    void misspeltRules_stopTheStart() {
        assertThatThrownBy(() -> check("middleware.security.rule"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessage(
                        "There is no setting middleware.security.rule. The nearest setting is middleware.security.rules.");
    }

    private static void check(String name) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(name, "x")));
        new KnownSecuritySettings(destination -> LogFactory.getLog("test"))
                .postProcessEnvironment(environment, new SpringApplication());
    }
}
