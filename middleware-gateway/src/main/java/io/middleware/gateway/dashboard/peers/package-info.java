/**
 * Finds the other gateways and asks them for their pictures, while somebody looks. Begin with {@link
 * io.middleware.gateway.dashboard.peers.Peers}; {@code Surroundings} is what Consul says.
 */
@NullMarked
package io.middleware.gateway.dashboard.peers;

import org.jspecify.annotations.NullMarked;
