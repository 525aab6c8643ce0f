package io.middleware.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * Sets defaults that an instance needs in other libraries' settings. Any setting of the application wins over them.
 */
final class InstanceDefaults implements EnvironmentPostProcessor {

    private static final ClassPathResource FILE =
            new ClassPathResource("instance-defaults.properties", InstanceDefaults.class);
    /** Keeps the library from registering an application that is not an instance: it would register the web server. */
    private static final MapPropertySource NO_INSTANCE = new MapPropertySource(
            RegistrationSwitches.BY_STARTER, Map.of(RegistrationSwitches.AUTO_REGISTRATION, "false"));

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean enabled = environment.getProperty("middleware.instance.enabled", Boolean.class, true);
        MutablePropertySources sources = environment.getPropertySources();
        Map<String, Object> defaults = new LinkedHashMap<>(enabled ? read() : Map.of());
        boolean listed = enabled && RegistrationSwitches.off(environment).isEmpty();
        // Boot keeps the application's own defaults last, so ours join them there with lower precedence
        if (sources.remove(DefaultPropertiesPropertySource.NAME) instanceof MapPropertySource own) {
            defaults.putAll(own.getSource());
        }
        sources.addLast(new DefaultPropertiesPropertySource(defaults));
        if (!listed && !environment.containsProperty(RegistrationSwitches.AUTO_REGISTRATION)) {
            sources.addLast(NO_INSTANCE);
        }
    }

    private static Map<String, Object> read() {
        try {
            Map<String, Object> properties = new LinkedHashMap<>();
            PropertiesLoaderUtils.loadProperties(FILE).forEach((name, value) -> properties.put((String) name, value));
            return properties;
        } catch (IOException missing) {
            throw new UncheckedIOException("the starter's jar is incomplete", missing);
        }
    }
}
