/**
 * Stale responses in place of errors (stale-if-error, RFC 5861): a call that no instance responds to may get the last
 * good response to an equal request.
 *
 * <p>Begin with {@link StaleResponses}, which says for which calls, and whose {@code Store} the gateway implements. A
 * {@link StaleRecorder} stands between one call and its caller; {@link ResponseKey} says which requests are equal.
 */
@NullMarked
package io.middleware.core.stale;

import org.jspecify.annotations.NullMarked;
