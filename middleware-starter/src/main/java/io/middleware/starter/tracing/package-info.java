/**
 * Turns Spring Boot's tracing on where an endpoint is set for it, and off elsewhere.
 *
 * <p>Begin with {@link TracingSwitch}. The spans are those that Boot makes of each call; {@link ServerSpansAutoConfiguration} adds the
 * call's id.
 */
@NullMarked
package io.middleware.starter.tracing;

import org.jspecify.annotations.NullMarked;
