package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.headers.GrpcHeaders;
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

/** Finds the protocol of a stream that is not gRPC's, or whose messages have a format of their own. */
final class ProtocolChoice {
    private static final CharSequence NO_CONTENT = HttpResponseStatus.NO_CONTENT.codeAsText();

    private ProtocolChoice() {}

    /**
     * Puts the handler of the request's protocol before the current one, and has it read the stream from its first
     * frame on. Responds itself to a preflight, and to a request of no protocol.
     *
     * @return false if it is a call by gRPC all the same
     */
    static boolean convert(
            CallerProtocols protocols, ChannelHandlerContext ctx, Http2HeadersFrame first, GrpcResponse response)
            throws Exception {
        Http2Headers request = first.headers();
        CharSequence contentType = request.get(HttpHeaderNames.CONTENT_TYPE);
        boolean grpc = GrpcHeaders.isGrpc(contentType);
        if (!grpc && refuses(protocols.cors(), ctx, request, response)) {
            return true;
        }
        ChannelInboundHandler handler = contentType == null ? null : handler(protocols, contentType, request);
        if (handler != null) {
            ctx.pipeline().addBefore(ctx.name(), null, handler);
            handler.channelRead(ctx.pipeline().context(handler), first);
        } else if (!grpc) {
            response.refuse(
                    415,
                    (contentType == null ? "no content-type" : "content-type: " + contentType)
                            + " (expected: application/grpc)");
        }
        return handler != null || !grpc;
    }

    /** Responds to a preflight, and to another method than POST; lets pages read all other responses. */
    private static boolean refuses(Cors cors, ChannelHandlerContext ctx, Http2Headers request, GrpcResponse response) {
        if (request.method() != null && cors.answersPreflight(request.method(), request::get)) {
            Http2Headers allowance = new DefaultHttp2Headers(false).status(NO_CONTENT);
            cors.addPreflightTo(request::get, allowance::add);
            response.end(allowance);
            return true;
        }
        ctx.pipeline().addBefore(ctx.name(), null, new CorsStream(cors, request));
        if (!RequestHeaders.isPost(request)) {
            response.refuseMethod(request);
            return true;
        }
        return false;
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
