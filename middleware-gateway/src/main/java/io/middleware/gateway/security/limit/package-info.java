/**
 * How much each caller may call, as the rules say: requests per second, and calls in flight.
 *
 * <p>Begin with {@link io.middleware.gateway.security.limit.Limiter}, which is asked for each call;
 * {@link io.middleware.gateway.security.limit.Allowance} decides, {@link io.middleware.gateway.security.limit.Allowances} keeps
 * them within bounds, and {@link io.middleware.gateway.security.limit.GatewayCount} knows of how many gateways this is one.
 */
@NullMarked
package io.middleware.gateway.security.limit;

import org.jspecify.annotations.NullMarked;
