/**
 * Finds instances in Consul, and registers this gateway there.
 *
 * <p>Begin with {@link io.middleware.gateway.consul.ConsulWatch}: it runs a {@code LongPoll} for the catalogue and one
 * for each service, and updates the core's directory. {@code Registrations} and {@code EntryReader} turn Consul's
 * entries into the core's registrations; {@code Rights} recognizes responses that a token's rights have reduced;
 * {@code ConsulReachability} knows whether Consul responds. {@code GatewayRegistration} joins and leaves Consul.
 */
@NullMarked
package io.middleware.gateway.consul;

import org.jspecify.annotations.NullMarked;
