/**
 * Calls that have ended, on their way from a call's thread to whoever writes about them.
 *
 * <p>Begin with {@link io.middleware.gateway.ended.EndedCall}. A {@link io.middleware.gateway.ended.Backlog} hands them to
 * another thread; {@link io.middleware.gateway.ended.CallLine} is what is written of one.
 */
@NullMarked
package io.middleware.gateway.ended;

import org.jspecify.annotations.NullMarked;
