/**
 * Who calls, and what each may call. {@link io.middleware.gateway.security.Gatekeeper} is the gate: it asks the identities who
 * calls and the rules what that caller may, and tells servers by {@code middleware-caller}. Settings are
 * {@link io.middleware.gateway.security.SecuritySettings}; without any of them the gate is not there.
 */
@NullMarked
package io.middleware.gateway.security;

import org.jspecify.annotations.NullMarked;
