/**
 * Serves gRPC with messages in JSON, which most servers do not know: the gateway translates them.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.grpcjson.GrpcJson}, which recognises a call.
 */
@NullMarked
package io.middleware.gateway.ingress.grpcjson;

import org.jspecify.annotations.NullMarked;
