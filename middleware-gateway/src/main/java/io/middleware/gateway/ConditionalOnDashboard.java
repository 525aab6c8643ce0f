package io.middleware.gateway;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;

/**
 * What shows callers the chain and its calls: if {@code middleware.gateway.dashboard.enabled} is true or, where that is not set,
 * {@code middleware.gateway.errors.details}, which says whether callers may know instances.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnExpression("${middleware.gateway.dashboard.enabled:${middleware.gateway.errors.details:false}}")
public @interface ConditionalOnDashboard {}
