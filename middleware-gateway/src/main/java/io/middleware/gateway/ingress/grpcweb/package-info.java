/**
 * Serves gRPC-Web, binary and as text, on the port for gRPC.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.grpcweb.GrpcWeb}, which recognises a call. A
 * {@link io.middleware.gateway.ingress.grpcweb.GrpcWebStream} rewrites its frames; messages pass unchanged, or as
 * base64 ({@link io.middleware.gateway.ingress.grpcweb.Base64Pieces}). The status ends the body as
 * {@link io.middleware.gateway.ingress.grpcweb.TrailersFrame}.
 */
@NullMarked
package io.middleware.gateway.ingress.grpcweb;

import org.jspecify.annotations.NullMarked;
