/**
 * TLS at both sides of the gateway: callers must show a certificate with an expected name, and so must instances.
 *
 * <p>Begin with {@link io.middleware.gateway.tls.CallerTls}, in front of both ports of callers, and
 * {@link io.middleware.gateway.tls.InstanceContexts}, in front of connections to instances. Who is at the other end of
 * a caller's connection is told by {@link io.middleware.gateway.tls.PeerIdentity}.
 */
@NullMarked
package io.middleware.gateway.tls;

import org.jspecify.annotations.NullMarked;
