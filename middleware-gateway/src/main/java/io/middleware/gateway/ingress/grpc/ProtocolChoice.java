package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.CallerProtocol;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.RequestHeaders;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import org.jspecify.annotations.Nullable;

/** Finds the protocol of a stream that is not gRPC's. */
final class ProtocolChoice {
    private static final CharSequence NO_CONTENT = HttpResponseStatus.NO_CONTENT.codeAsText();

    private ProtocolChoice() {}

    /**
     * Puts the handler of the request's protocol before the current one, and has it read the stream from its first
     * frame on. Responds itself to a preflight, and to a request of no protocol.
     */
    static void convert(
            CallerProtocols protocols, ChannelHandlerContext ctx, Http2HeadersFrame first, GrpcResponse response)
            throws Exception {
        Http2Headers request = first.headers();
        Cors cors = protocols.cors();
        if (request.method() != null && cors.answersPreflight(request.method(), request::get)) {
            Http2Headers allowance = new DefaultHttp2Headers(false).status(NO_CONTENT);
            cors.addPreflightTo(request::get, allowance::add);
            response.end(allowance);
            return;
        }
        ctx.pipeline().addBefore(ctx.name(), null, new CorsStream(cors, request));
        if (!RequestHeaders.isPost(request)) {
            response.refuseMethod(request);
            return;
        }
        CharSequence contentType = request.get(HttpHeaderNames.CONTENT_TYPE);
        ChannelInboundHandler handler = contentType == null ? null : handler(protocols, contentType, request);
        if (handler != null) {
            ctx.pipeline().addBefore(ctx.name(), null, handler);
            handler.channelRead(ctx.pipeline().context(handler), first);
        } else {
            response.refuse(
                    415,
                    (contentType == null ? "no content-type" : "content-type: " + contentType)
                            + " (expected: application/grpc)");
        }
    }

    private static @Nullable ChannelInboundHandler handler(
            CallerProtocols protocols, CharSequence contentType, Http2Headers request) {
        for (CallerProtocol protocol : protocols.others()) {
            ChannelInboundHandler handler = protocol.handler(contentType, request);
            if (handler != null) {
                return handler;
            }
        }
        return null;
    }
}
