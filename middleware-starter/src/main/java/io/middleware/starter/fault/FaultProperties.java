package io.middleware.starter.fault;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Faults on purpose.
 *
 * @param enabled Whether this server can be made to fail, by POST /actuator/fault on the management port. Never in
 *                production.
 * @param beyondLoopback Whether that is allowed although other machines reach this server: for a demo in a network of
 *                       its own.
 */
@ConfigurationProperties("middleware.faults")
record FaultProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("false") boolean beyondLoopback) {}
