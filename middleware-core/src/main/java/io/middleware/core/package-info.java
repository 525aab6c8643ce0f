/**
 * What happens to a call between the edge that took it in and the instance that responds. Knows no framework, registry
 * or wire format: those depend on it, through the types of this package.
 *
 * <p>Begin with {@link Call} and {@link Caller}, the two ends of a call, then {@link Outcome}, on which each decision
 * rests. {@link Settings} lists what can be tuned. The way of a call is in {@code call}. Imports run one way:
 * {@code call} uses {@code outlier}, {@code directory}, {@code retry} and {@code stale}; these use {@code balancing}
 * and {@code instance}; all use this package.
 */
@NullMarked
package io.middleware.core;

import org.jspecify.annotations.NullMarked;
