package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * The end of a unary call.
 *
 * @param message  the response message; null if there is an error
 * @param error    null if there is a message
 * @param leading  the server's leading metadata; null if there is none
 * @param trailing its trailing metadata; null if there is none
 * @param exchange the exchange that made the call; null if it never started
 */
record UnaryResult(
        byte @Nullable [] message,
        @Nullable ConnectError error,
        @Nullable Http2Headers leading,
        @Nullable Http2Headers trailing,
        @Nullable OngoingCall exchange) {}
