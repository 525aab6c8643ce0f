/**
 * Calls that the gateway makes to itself before its ports open, so that callers do not wait for classes and code that are used for
 * the first time. Begin with {@code WarmUp}; {@code OwnChain} is the way that these calls take, and nobody else's.
 * {@code ConnectAhead} spares them the first connection to an instance that has just started.
 */
@NullMarked
package io.middleware.gateway.warmup;

import org.jspecify.annotations.NullMarked;
