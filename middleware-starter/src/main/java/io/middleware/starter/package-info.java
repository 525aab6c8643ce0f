/**
 * Makes a Spring Boot gRPC server an instance: it registers in Consul, sends heartbeats, leaves Consul and drains.
 *
 * <p>Begin with {@code InstanceLifecycle}, which joins and leaves Consul with the gRPC server.
 * {@code InstanceRegistration} is the entry in Consul, {@code HeartbeatScheduler} keeps it there
 * ({@code ServiceHeartbeat} is one heartbeat). {@code GrpcInstanceAutoConfiguration} sets up the gRPC server,
 * {@code ConsulInstanceAutoConfiguration} the registration; {@code InstanceProperties} are the settings, and
 * {@code instance-defaults.properties} the defaults of other libraries' settings.
 */
@NullMarked
package io.middleware.starter;

import org.jspecify.annotations.NullMarked;
