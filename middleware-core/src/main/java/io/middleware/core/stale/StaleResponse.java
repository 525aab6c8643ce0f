package io.middleware.core.stale;

import io.middleware.core.Headers;
import io.middleware.core.Ticker;

/**
 * A complete response with status OK to a unary call, as it is kept. Immutable.
 *
 * @param message the message as the transport frames it
 * @param at      when it arrived, on the {@link Ticker}'s clock
 */
public record StaleResponse(Headers headers, byte[] message, Headers trailers, long at) {}
