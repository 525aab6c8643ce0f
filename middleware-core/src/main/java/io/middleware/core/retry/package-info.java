/**
 * How many retries and hedges there may be, and when: a budget per service, a back-off per call, a hedge delay per
 * method.
 *
 * <p>Begin with {@link RetryBudget}, which keeps retries from multiplying an overload; then {@link HedgeDelay} and
 * {@link HedgeLimit}. Whether a call may be retried at all is decided in {@code call}.
 */
@NullMarked
package io.middleware.core.retry;

import org.jspecify.annotations.NullMarked;
