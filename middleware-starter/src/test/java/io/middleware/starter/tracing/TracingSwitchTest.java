package io.middleware.starter.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.mock.env.MockEnvironment;

/** Whether Boot's tracing takes part in a start. */
class TracingSwitchTest {
    private static final String[] CONFIGURATIONS = {
        "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
        "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
        "org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration",
        null
    };

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void withoutEndpoint_itIsLeftOut() {
        assertThat(kept()).containsExactly(false, false, true, true);
        assertThat(environment.getProperty(TracingSwitch.ENABLED, Boolean.class))
                .isFalse();
    }

    @Test
    void emptyEndpoint_isNone() {
        environment.setProperty(TracingSwitch.ENDPOINT, " ");

        assertThat(kept()).containsExactly(false, false, true, true);
    }

    @Test
    void withEndpoint_itTakesPart_wheneverTheEndpointWasSet() {
        TracingSwitch tracing = started();
        environment.setProperty(TracingSwitch.ENDPOINT, "http://collector:4318/v1/traces");

        assertThat(kept(tracing)).containsExactly(true, true, true, true);
    }

    @Test
    void setting_winsOverEndpoint() {
        environment.setProperty(TracingSwitch.ENDPOINT, "http://collector:4318/v1/traces");
        environment.setProperty(TracingSwitch.ENABLED, "false");

        assertThat(kept()).containsExactly(false, false, true, true);
    }

    @Test
    void otherExporter_turnsItOnByTheSetting() {
        environment.setProperty(TracingSwitch.ENABLED, "true");

        assertThat(kept()).containsExactly(true, true, true, true);
    }

    @Test
    @Timeout(10)
    void sourceOfTheDefault_isFoundByBootsBinder_once() {
        started();
        ConfigurationPropertySources.attach(environment);

        assertThat(environment.getProperty("not.set")).isNull();
        assertThat(environment.getProperty(TracingSwitch.ENABLED)).isEqualTo("false");
    }

    private boolean[] kept() {
        return kept(started());
    }

    private TracingSwitch started() {
        TracingSwitch tracing = new TracingSwitch();
        tracing.postProcessEnvironment(environment, new SpringApplication());
        tracing.setEnvironment(environment);
        return tracing;
    }

    private static boolean[] kept(TracingSwitch tracing) {
        return tracing.match(CONFIGURATIONS, null);
    }
}
