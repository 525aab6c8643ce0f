/**
 * The choice among instances that are equally good.
 *
 * <p>Begin with {@link Balancer}, which is the place for one of your own; {@link PowerOfTwoChoices} is ours. Which
 * instances are equally good is decided before, in {@code directory}.
 */
@NullMarked
package io.middleware.core.balancing;

import org.jspecify.annotations.NullMarked;
