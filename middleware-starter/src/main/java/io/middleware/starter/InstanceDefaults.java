package io.middleware.starter;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/** Gives other libraries' settings the values that an instance needs; whatever the application sets wins over them. */
final class InstanceDefaults implements EnvironmentPostProcessor {

    private static final ClassPathResource FILE = new ClassPathResource("instance-defaults.properties", InstanceDefaults.class);

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!environment.getProperty("middleware.instance.enabled", Boolean.class, true)) {
            return;
        }
        try {
            environment.getPropertySources().addLast(new ResourcePropertySource("middleware instance defaults", FILE));
        } catch (IOException missing) {
            throw new UncheckedIOException("the starter's jar is incomplete", missing);
        }
    }
}
