/**
 * One call from its first header to its end: its attempts, its retries and its hedges.
 *
 * <p>Begin with {@link Failover}, which starts a call, and {@code RetryPolicy}, which alone decides what follows, and
 * changes nothing itself. {@link Exchange} is the call in flight; {@code RetryLoop} carries the decisions out.
 * {@code Attempts} holds the attempts in flight, of which {@link Attempt} is one; {@code AttemptHistory} knows how the
 * ended ones went, and {@code InstancePicker} chooses where the next one goes. {@link CallTimer} wakes a call on which
 * nothing happens.
 */
@NullMarked
package io.middleware.core.call;

import org.jspecify.annotations.NullMarked;
