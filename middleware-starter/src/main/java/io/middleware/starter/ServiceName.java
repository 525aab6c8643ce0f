package io.middleware.starter;

import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.core.env.PropertyResolver;
import org.springframework.util.StringUtils;

/** The name of the service in Consul, which all instances of an application share. */
final class ServiceName {

    private ServiceName() {}

    /** @throws WrongSettingException if there is none, or it is not valid in Consul's DNS */
    static void require(PropertyResolver properties, ConsulDiscoveryProperties discovery) {
        String name = StringUtils.hasText(discovery.getServiceName())
                ? discovery.getServiceName()
                : properties.getProperty("spring.application.name");
        if (!StringUtils.hasText(name)) {
            throw new WrongSettingException(
                    "spring.application.name is not set. It is the name of this service in Consul, "
                            + "which all its instances share.",
                    "Set it in application.properties: spring.application.name=my-service");
        }
        if (!name.strip().matches("[A-Za-z].*[A-Za-z0-9]|[A-Za-z]")) {
            throw new WrongSettingException(
                    "spring.application.name is '" + name
                            + "', which cannot be the name of a service in Consul (expected: first a letter, last a letter or digit).",
                    "Set another, in application.properties: spring.application.name=my-service");
        }
    }
}
