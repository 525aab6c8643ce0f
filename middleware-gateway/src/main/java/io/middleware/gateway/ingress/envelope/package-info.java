/**
 * Turns calls whose messages are enveloped as gRPC's are, but not gRPC's otherwise, into calls by gRPC.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.envelope.EnvelopedStream}, which rewrites one stream's frames;
 * a {@link io.middleware.gateway.ingress.envelope.Dialect} knows the protocol's headers and how it ends. Serialized
 * messages pass unread. {@link io.middleware.gateway.ingress.envelope.Envelopes} finds those that are compressed or
 * JSON; {@link io.middleware.gateway.ingress.envelope.OrderedPieces} keeps the order while they are worked on.
 */
@NullMarked
package io.middleware.gateway.ingress.envelope;

import org.jspecify.annotations.NullMarked;
