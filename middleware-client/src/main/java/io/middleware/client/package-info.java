/**
 * The typed client: generated gRPC stubs on a channel with deadlines, keepalive, hedging and retries.
 *
 * <p>Begin with {@code MiddlewareClient}, the only class that a caller needs besides {@code ClientOptions}. {@code
 * HedgingChannel} decides for each call whether it is hedged, retried or neither; {@code HedgeBudget} limits the load
 * that hedges add.
 */
@NullMarked
package io.middleware.client;

import org.jspecify.annotations.NullMarked;
