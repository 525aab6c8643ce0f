package io.middleware.core.stale;

import io.middleware.core.Headers;
import io.middleware.core.Ticker;

/**
 * A server's whole answer of status OK to a unary call, as it is kept. Nothing in it is changed.
 *
 * @param message the message in the transport's form
 * @param at      when it came, on the {@link Ticker}'s clock
 */
public record StaleResponse(Headers headers, byte[] message, Headers trailers, long at) {}
