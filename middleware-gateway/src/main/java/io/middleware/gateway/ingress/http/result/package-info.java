/**
 * Everything that goes back over HTTP. An {@link io.middleware.gateway.ingress.http.result.HttpResult} is a status,
 * headers and a body; a {@link io.middleware.gateway.ingress.http.result.Refusal} is thrown to end a call with one.
 *
 * <p>An error has up to three forms: Connect's, problem JSON (RFC 9457) and Google's (AIP-193). Knows no other package
 * of the HTTP ingress.
 */
@NullMarked
package io.middleware.gateway.ingress.http.result;

import org.jspecify.annotations.NullMarked;
