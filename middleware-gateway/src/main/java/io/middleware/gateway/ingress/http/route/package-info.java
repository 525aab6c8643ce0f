/**
 * Finds the method that an HTTP request calls: by Connect's path or by the {@code google.api.http} mappings in the
 * descriptors of the services.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.http.route.Router}. One schema's mappings are in
 * {@link io.middleware.gateway.ingress.http.route.Routes}, one mapping is an
 * {@link io.middleware.gateway.ingress.http.route.HttpMapping}.
 */
@NullMarked
package io.middleware.gateway.ingress.http.route;

import org.jspecify.annotations.NullMarked;
