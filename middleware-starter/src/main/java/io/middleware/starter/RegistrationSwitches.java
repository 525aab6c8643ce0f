package io.middleware.starter;

import java.util.List;
import java.util.Optional;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The switches of Spring Cloud by which an application stays out of Consul. Each is on unless it is set to false. */
public final class RegistrationSwitches {

    /** The one that the starter itself turns off for whoever is no instance. */
    static final String AUTO_REGISTRATION = "spring.cloud.service-registry.auto-registration.enabled";

    private static final List<String> OF_THE_REGISTRY = List.of("spring.cloud.consul.enabled",
            "spring.cloud.discovery.enabled", "spring.cloud.service-registry.enabled",
            "spring.cloud.consul.service-registry.enabled", "spring.cloud.consul.service-registry.auto-registration.enabled",
            "spring.cloud.consul.discovery.register");

    private RegistrationSwitches() {
    }

    /** The first that is off, but for {@value #AUTO_REGISTRATION}; empty when all are on. */
    public static Optional<String> off(PropertyResolver properties) {
        return OF_THE_REGISTRY.stream().filter(name -> !properties.getProperty(name, Boolean.class, true)).findFirst();
    }

    /** The first that keeps an instance out of Consul. */
    static Optional<String> offForInstances(PropertyResolver properties) {
        return off(properties)
                .or(() -> Optional.of(AUTO_REGISTRATION).filter(name -> !properties.getProperty(name, Boolean.class, true)));
    }

    /** Matches while all are on. */
    static final class AllOn extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return offForInstances(context.getEnvironment()).map(name -> ConditionOutcome.noMatch(name + " is false"))
                    .orElseGet(ConditionOutcome::match);
        }
    }
}
