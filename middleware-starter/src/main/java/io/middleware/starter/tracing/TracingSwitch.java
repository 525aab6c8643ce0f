package io.middleware.starter.tracing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Turns tracing off as long as no endpoint is set and {@code management.tracing.export.enabled} does not ask for it. Boot would only
 * export nothing then: each call would still get a span.
 */
final class TracingSwitch implements EnvironmentPostProcessor, AutoConfigurationImportFilter, EnvironmentAware {
    static final String ENABLED = "management.tracing.export.enabled";
    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private @Nullable Environment environment;

    /** Adds the default of the switch. It is asked late: the endpoint may be set by any source of settings. */
    @Override
    public void postProcessEnvironment(ConfigurableEnvironment settings, SpringApplication application) {
        // not with the settings as its source: Boot would look for sources within them, and so on for ever
        settings.getPropertySources().addLast(new PropertySource<String>("tracingSwitch", ENDPOINT) {
            @Override
            public @Nullable Object getProperty(String name) {
                return name.equals(ENABLED) ? hasText(settings.getProperty(source)) : null;
            }
        });
    }

    @Override
    public void setEnvironment(Environment settings) {
        environment = settings;
    }

    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean on = environment == null || environment.getProperty(ENABLED, Boolean.class, true);
        boolean[] kept = new boolean[configurations.length];
        for (int i = 0; i < kept.length; i++) {
            String name = configurations[i];
            kept[i] = on || name == null || !makesSpans(name);
        }
        return kept;
    }

    private static boolean makesSpans(String configuration) {
        return configuration.startsWith("org.springframework.boot.opentelemetry.")
                || configuration.startsWith("org.springframework.boot.micrometer.tracing.");
    }

    private static boolean hasText(@Nullable String value) {
        return value != null && !value.isBlank();
    }
}
