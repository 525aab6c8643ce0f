package io.middleware.starter;

import java.util.List;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The switches of Spring Cloud that keep an application out of Consul. Each is on unless it is set to false. */
public final class RegistrationSwitches {

    /** The switch that the starter itself turns off for an application that the library must not register. */
    static final String AUTO_REGISTRATION = "spring.cloud.service-registry.auto-registration.enabled";

    /** The name of the property source for that; it exists only while the application has not set the switch. */
    static final String BY_STARTER = "not registered by Spring Cloud itself";

    private static final List<String> ALL = List.of(
            "spring.cloud.consul.enabled",
            "spring.cloud.discovery.enabled",
            "spring.cloud.service-registry.enabled",
            "spring.cloud.consul.service-registry.enabled",
            "spring.cloud.consul.service-registry.auto-registration.enabled",
            "spring.cloud.consul.discovery.register",
            AUTO_REGISTRATION);

    private RegistrationSwitches() {}

    /** Returns the first switch that the application has turned off; empty when all are on. */
    public static Optional<String> off(Environment environment) {
        return ALL.stream()
                .filter(name -> !environment.getProperty(name, Boolean.class, true))
                .filter(name -> !(name.equals(AUTO_REGISTRATION) && isByStarter(environment)))
                .findFirst();
    }

    private static boolean isByStarter(Environment environment) {
        return environment instanceof ConfigurableEnvironment it
                && it.getPropertySources().contains(BY_STARTER);
    }

    /** Matches while all switches are on. */
    static final class AllOn extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return off(context.getEnvironment())
                    .map(name -> ConditionOutcome.noMatch(name + " is false"))
                    .orElseGet(ConditionOutcome::match);
        }
    }
}
