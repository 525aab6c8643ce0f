/**
 * Serves unary calls over HTTP, on Reactor Netty.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.http.serve.HttpIngress}: it routes a request, reads and translates
 * its body, makes the call ({@link io.middleware.gateway.ingress.http.serve.UnaryCall}) and translates the response.
 * {@link io.middleware.gateway.ingress.http.serve.HttpGuard} and
 * {@link io.middleware.gateway.ingress.http.serve.HttpVersions} prepare the server's connections. Responses that take
 * long are kept for Nginx in {@link io.middleware.gateway.ingress.http.serve.DeferredResponses}.
 */
@NullMarked
package io.middleware.gateway.ingress.http.serve;

import org.jspecify.annotations.NullMarked;
