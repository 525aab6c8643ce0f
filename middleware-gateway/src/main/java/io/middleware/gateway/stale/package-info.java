/**
 * Stale responses (stale-if-error, RFC 5861): the last good response to an equal request, for when no server responds.
 *
 * <p>The core decides when one is recorded and returned. Here are the settings, {@code StaleSettings}; where responses
 * are kept, {@code StaleResponseCache}; and {@code StaleConfigCheck}, which warns of configured methods that cannot
 * have stale responses.
 */
@NullMarked
package io.middleware.gateway.stale;

import org.jspecify.annotations.NullMarked;
