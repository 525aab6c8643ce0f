package io.middleware.starter.executions;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The book of executions.
 *
 * @param record Whether each call of a method that changes something is written into the application's database, where
 *               GET /actuator/executions on the management port reads it. For tests: it costs a write per call.
 * @param keep How long it is kept.
 */
@ConfigurationProperties("middleware.executions")
public record ExecutionProperties(
        @DefaultValue("false") boolean record,
        @DefaultValue("24h") Duration keep) {}
