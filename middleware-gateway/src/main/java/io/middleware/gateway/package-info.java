/**
 * The gateway as a Spring Boot application: its settings, its identity, and the wiring of its packages.
 *
 * <p>Begin with {@code GatewayConfiguration}. {@code StartupGate} delays the ports of callers until calls can be
 * served.
 */
@NullMarked
package io.middleware.gateway;

import org.jspecify.annotations.NullMarked;
