/**
 * Serves Connect's streams on the port for gRPC.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.connect.ConnectProtocol}, which recognises a call. A
 * {@link io.middleware.gateway.ingress.connect.ConnectDialect} tells
 * {@link io.middleware.gateway.ingress.envelope.EnvelopedStream} how Connect differs from gRPC.
 */
@NullMarked
package io.middleware.gateway.ingress.connect;

import org.jspecify.annotations.NullMarked;
