/**
 * Makes an instance fail on purpose, so that people can see how its callers are protected.
 *
 * <p>Begin with {@code Fault}, the ways to fail; {@code FaultInterceptor} applies one, {@code FaultEndpoint} sets it.
 */
package io.middleware.starter.fault;
