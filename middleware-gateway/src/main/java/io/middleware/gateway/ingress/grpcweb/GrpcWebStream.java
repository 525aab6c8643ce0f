package io.middleware.gateway.ingress.grpcweb;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.ingress.CallFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.base64.Base64;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Turns one call by gRPC-Web into a call by gRPC. Messages have the same framing in both, so binary ones pass unread;
 * the trailers of the response become the last frame of its body.
 */
final class GrpcWebStream extends ChannelDuplexHandler {
    /** Concern the body as the caller sees it, or how a browser asks. */
    private static final List<AsciiString> NOT_METADATA = List.of(
            HttpHeaderNames.ACCEPT,
            HttpHeaderNames.ACCEPT_CHARSET,
            HttpHeaderNames.ACCEPT_ENCODING,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.EXPECT,
            AsciiString.cached("x-grpc-web"));

    private final Base64Pieces request = new Base64Pieces();
    private final boolean textRequest;
    private final boolean textResponse;
    private final String responseType;
    private boolean begun;
    private boolean broken;

    /** {@code textRequest}: whether the request is base64. */
    GrpcWebStream(boolean textRequest, String responseType) {
        this.textRequest = textRequest;
        this.textResponse = GrpcWeb.isText(responseType);
        this.responseType = responseType;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2HeadersFrame received) {
            if (!begun) {
                begun = true;
                Http2Headers headers = received.headers();
                headers.set(HttpHeaderNames.CONTENT_TYPE, GrpcWeb.grpcType(responseType));
                NOT_METADATA.forEach(headers::remove);
            }
            ctx.fireChannelRead(received);
        } else if (broken) {
            ReferenceCountUtil.release(frame);
        } else if (textRequest && frame instanceof Http2DataFrame data) {
            decode(ctx, data);
        } else {
            ctx.fireChannelRead(frame);
        }
    }

    private void decode(ChannelHandlerContext ctx, Http2DataFrame data) {
        ByteBuf bytes;
        try {
            bytes = request.decode(data.content(), data.isEndStream());
        } catch (IllegalArgumentException wrong) {
            broken = true;
            ctx.fireUserEventTriggered(
                    new CallFault(new Failure(Code.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()))));
            return;
        } finally {
            data.release();
        }
        ctx.fireChannelRead(new DefaultHttp2DataFrame(bytes, data.isEndStream()));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
        if (frame instanceof Http2HeadersFrame headers) {
            write(ctx, headers, promise);
        } else if (textResponse && frame instanceof Http2DataFrame data) {
            ctx.write(new DefaultHttp2DataFrame(text(data.content()), data.isEndStream()), promise);
        } else {
            ctx.write(frame, promise);
        }
    }

    private void write(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
        Http2Headers headers = frame.headers();
        if (headers.status() == null && frame.isEndStream()) {
            ByteBuf trailers = TrailersFrame.of(headers, ctx.alloc());
            ctx.write(new DefaultHttp2DataFrame(textResponse ? text(trailers) : trailers, true), promise);
            return;
        }
        if (GrpcHeaders.isGrpc(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, responseType);
        }
        ctx.write(frame, promise);
    }

    /** Returns the bytes as a piece of base64 of their own, padded; releases them. */
    private static ByteBuf text(ByteBuf bytes) {
        try {
            return Base64.encode(bytes, false);
        } finally {
            bytes.release();
        }
    }
}
