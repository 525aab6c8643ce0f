/**
 * Serves gRPC calls: any service, all four kinds, with unchanged messages.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.grpc.GrpcServer}, which sets up each connection. On each stream a
 * {@link io.middleware.gateway.ingress.grpc.StreamGate} waits for {@link io.middleware.gateway.ingress.grpc.Admission},
 * then a {@link io.middleware.gateway.ingress.grpc.GrpcStream} starts the call and a
 * {@link io.middleware.gateway.ingress.grpc.GrpcResponse} writes its response.
 */
@NullMarked
package io.middleware.gateway.ingress.grpc;

import org.jspecify.annotations.NullMarked;
