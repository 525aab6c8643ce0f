/**
 * Makes an instance fail on purpose, so that people can see how its callers are protected.
 *
 * <p>Begin with {@code Fault}, the ways to fail; {@code FaultInterceptor} applies one, {@code FaultEndpoint} sets it.
 */
@NullMarked
package io.middleware.starter.fault;

import org.jspecify.annotations.NullMarked;
