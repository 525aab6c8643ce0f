/**
 * Lies for {@code ./stack prove --sabotage NAME}: what breaks the promises that a proof checks, so that it is seen to
 * find that. {@code SabotageAutoConfiguration} has them all. The jar is on the class path of gateways and servers only
 * in that command, and the variable {@code STACK_SABOTAGE} chooses one.
 */
@NullMarked
package io.middleware.sabotage;

import org.jspecify.annotations.NullMarked;
