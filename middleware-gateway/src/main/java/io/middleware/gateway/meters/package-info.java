/**
 * Publishes the core's counters as Micrometer meters.
 *
 * <p>Begin with {@code CallMeters}, which lists them; {@code CallTimers} records the duration of calls, and
 * {@code InstanceMeters} shows the state of each instance. {@code GrpcMeters} has the names of gRPC's own clients.
 */
@NullMarked
package io.middleware.gateway.meters;

import org.jspecify.annotations.NullMarked;
