/**
 * Serves Connect's streams on the port for gRPC.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.connect.ConnectProtocol}, which recognises a call. A
 * {@link io.middleware.gateway.ingress.connect.ConnectStream} turns its frames into gRPC's and back. Envelopes have
 * gRPC's framing, so serialized messages pass unread. {@link io.middleware.gateway.ingress.connect.Envelopes} finds
 * those that are compressed or JSON; {@link io.middleware.gateway.ingress.connect.OrderedPieces} keeps the order.
 */
@NullMarked
package io.middleware.gateway.ingress.connect;

import org.jspecify.annotations.NullMarked;
