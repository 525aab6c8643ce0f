/**
 * Who calls: {@link io.middleware.gateway.security.identity.Identities} reads the credentials of a call, and has those verify
 * them that know each kind: {@link io.middleware.gateway.security.identity.ApiKeys},
 * {@link io.middleware.gateway.security.identity.Tokens} (in the package {@code jwt}) and
 * {@link io.middleware.gateway.security.identity.Certificates}.
 */
@NullMarked
package io.middleware.gateway.security.identity;

import org.jspecify.annotations.NullMarked;
