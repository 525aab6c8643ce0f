/**
 * Which callers may call which methods: a file of {@link io.middleware.gateway.security.rules.Rule}s, of which the first that
 * matches a call decides.
 *
 * <p>What an allowing rule promises beyond that, a limit, is kept by an
 * {@link io.middleware.gateway.security.rules.Admission}.
 */
@NullMarked
package io.middleware.gateway.security.rules;

import org.jspecify.annotations.NullMarked;
