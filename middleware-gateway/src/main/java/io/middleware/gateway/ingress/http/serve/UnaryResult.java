package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.call.Exchange;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * How a unary call ended.
 *
 * @param message  the reply; null where there is an error
 * @param error    null where there is a reply
 * @param leading  the server's metadata before its reply; null where there was none
 * @param trailing the same after it
 * @param exchange tells who answered; null where nobody was asked
 */
record UnaryResult(
        byte[] message, ConnectError error, Http2Headers leading, Http2Headers trailing, Exchange exchange) {}
