/**
 * Serves what describes the callable methods, over HTTP: OpenAPI documents and a page to try the methods. These are no
 * calls, and no method or mapping of a service is hidden by them.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.http.document.Documents}, which the ingress asks before it routes
 * a request.
 */
@NullMarked
package io.middleware.gateway.ingress.http.document;

import org.jspecify.annotations.NullMarked;
