package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class UnitsRequiredTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SettingsAutoConfiguration.class))
            .withUserConfiguration(Settings.class);

    @ParameterizedTest
    @CsvSource({"500ms, 500", "2s, 2000", "PT3S, 3000", "0, 0", "1m, 60000"})
    void timeWithItsUnit_isTaken(String value, long millis) {
        application
                .withPropertyValues("middleware.example.delay=" + value)
                .run(context -> assertThat(context.getBean(Ours.class).delay()).isEqualTo(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "500", "+5", "-1", "007"})
    void bareNumber_isToldWhatIsExpected(String value) {
        application
                .withPropertyValues("middleware.example.delay=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage(
                                "middleware.example.delay: expected a time with its unit, such as 500ms or 2s, was '"
                                        + value + "'"));
    }

    @Test
    void othersSettings_areReadAsBefore() {
        application
                .withPropertyValues("other.delay=2")
                .run(context ->
                        assertThat(context.getBean(Others.class).delay()).isEqualTo(Duration.ofMillis(2)));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({Ours.class, Others.class})
    static class Settings {}

    @ConfigurationProperties("middleware.example")
    record Ours(Duration delay) {}

    @ConfigurationProperties("other")
    record Others(Duration delay) {}
}
