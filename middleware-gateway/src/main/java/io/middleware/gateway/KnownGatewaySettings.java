package io.middleware.gateway;

import io.middleware.starter.KnownSettings;
import io.middleware.starter.WrongSettingException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/** What begins with {@code middleware.gateway}; and a gateway finds instances in Consul, or none at all. */
final class KnownGatewaySettings extends KnownSettings {
    private static final String CONSUL = "spring.cloud.consul.enabled";

    KnownGatewaySettings(DeferredLogFactory logs) {
        super("middleware.gateway", GatewaySettings.class, logs);
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        super.postProcessEnvironment(environment, application);
        if (!environment.getProperty(CONSUL, Boolean.class, true)) {
            throw new WrongSettingException(
                    CONSUL + " is false, but a gateway finds the instances of services in Consul only.",
                    "Remove it. A gateway that only is not to be listed in Consul: spring.cloud.consul.discovery.register=false.");
        }
    }
}
