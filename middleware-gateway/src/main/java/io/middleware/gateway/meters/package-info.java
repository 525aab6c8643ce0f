/**
 * Publishes the core's counters as Micrometer meters.
 *
 * <p>Begin with {@code CallMeters}, which lists them; {@code CallTimers} records the duration of calls.
 */
package io.middleware.gateway.meters;
