/**
 * The core's transport on HTTP/2 frames: connections per event loop and instance, one handler for each.
 *
 * <p>Begin with {@link io.middleware.gateway.transport.Http2Transport}. An
 * {@link io.middleware.gateway.transport.InstanceConnections} opens a
 * {@link io.middleware.gateway.transport.ServerStream} on one of its connections;
 * {@link io.middleware.gateway.transport.ServerFrames} reads the response.
 * {@link io.middleware.gateway.transport.FloodGuard} bounds what a peer may have us do, on either side of the gateway.
 */
@NullMarked
package io.middleware.gateway.transport;

import org.jspecify.annotations.NullMarked;
