/**
 * JSON Web Tokens (RFC 7519): {@link io.middleware.gateway.security.jwt.TokenVerifier} verifies them by the keys that
 * {@link io.middleware.gateway.security.jwt.KeySource} fetches ahead, keeps through outages, and asks for again when a token names
 * one that is not known.
 */
@NullMarked
package io.middleware.gateway.security.jwt;

import org.jspecify.annotations.NullMarked;
