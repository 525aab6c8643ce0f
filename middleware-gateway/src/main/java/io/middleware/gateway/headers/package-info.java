/**
 * Headers, known to both sides of the gateway: their names, their forms, and which of them are valid metadata.
 *
 * <p>Begin with {@link io.middleware.gateway.headers.GrpcHeaders} and
 * {@link io.middleware.gateway.headers.MiddlewareHeaders}, which name them.
 * {@link io.middleware.gateway.headers.MetadataRules} judges a header that comes from a caller or a server.
 */
@NullMarked
package io.middleware.gateway.headers;

import org.jspecify.annotations.NullMarked;
