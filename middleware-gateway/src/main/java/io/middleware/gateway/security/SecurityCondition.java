package io.middleware.gateway.security;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether anything of {@link SecuritySettings} is configured. */
final class SecurityCondition implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind("middleware.security", SecuritySettings.class)
                .map(SecuritySettings::active)
                .orElse(false);
    }
}
