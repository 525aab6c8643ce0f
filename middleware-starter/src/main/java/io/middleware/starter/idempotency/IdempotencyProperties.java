package io.middleware.starter.idempotency;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this server honours idempotency keys.
 *
 * @param enabled Whether methods marked Idempotent honour keys.
 * @param services Full names of gRPC services of which all unary methods that change something honour keys, as if
 *                 they were marked.
 * @param keep How long a key and its response are kept: a repeat after that runs again.
 * @param longestWait The longest wait for another call with the same key that still runs. The caller's deadline ends it
 *             sooner.
 * @param idleLimit How long a method may leave its transaction idle, in PostgreSQL: after that it is rolled back, so that a
 *                  frozen server does not hold its keys. 0s is no limit.
 * @param table Name of the table, with its schema if it is not the default one.
 * @param createTable Whether to create the table at the start if it is missing. In an embedded H2 it always is.
 * @param sweepEvery How often expired keys are deleted.
 */
@ConfigurationProperties("middleware.idempotency")
public record IdempotencyProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> services,
        @DefaultValue("24h") Duration keep,
        @DefaultValue("30s") Duration longestWait,
        @DefaultValue("10s") Duration idleLimit,
        @DefaultValue("middleware_idempotency") String table,
        @DefaultValue("false") boolean createTable,
        @DefaultValue("10m") Duration sweepEvery) {

    private static final Pattern TABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*\\.)?[A-Za-z_][A-Za-z0-9_]{0,49}");
    private static final Duration LONGEST = Duration.ofDays(366);

    /**
     * @throws IllegalArgumentException if a value is out of its range; the message names the property and what is
     * expected
     */
    public IdempotencyProperties {
        services = List.copyOf(services);
        requireBetween(keep, Duration.ofSeconds(1), "keep");
        requireBetween(longestWait, Duration.ofMillis(1), "longest-wait");
        requireBetween(idleLimit, Duration.ZERO, "idle-limit");
        requireBetween(sweepEvery, Duration.ofSeconds(1), "sweep-every");
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException(
                    "middleware.idempotency.table: expected a name of letters, digits and _, at most 50, with or without a schema, was '"
                            + table + "'");
        }
    }

    private static void requireBetween(Duration value, Duration shortest, String property) {
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("middleware.idempotency." + property + ": expected " + shortest + " to "
                    + LONGEST + ", was " + value);
        }
    }
}
