/**
 * What both ingresses share: a call's id, its well-formed request headers, the report that goes back with its
 * response, and which pages in browsers may read that ({@link io.middleware.gateway.ingress.Cors}).
 *
 * <p>{@link io.middleware.gateway.ingress.CallerProtocol} is how another protocol than gRPC comes to the port for gRPC.
 */
@NullMarked
package io.middleware.gateway.ingress;

import org.jspecify.annotations.NullMarked;
