package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.ingress.RequestHeaders;
import io.middleware.gateway.transport.FrameMeter;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * Resets a stream with a malformed request, and closes the connection of a caller that went away. The framework would log both with
 * a stack trace. Ends requests whose responses are complete, and tells the meter of the connection of these.
 */
final class StreamGuard extends ChannelDuplexHandler {
    private final @Nullable FrameMeter meter;

    /** {@code meter}: null where nobody counts frames. */
    StreamGuard(@Nullable FrameMeter meter) {
        this.meter = meter;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2HeadersFrame request) {
            try {
                RequestHeaders.check(request.headers());
            } catch (RequestHeaders.MalformedException malformed) {
                reset(ctx, request.stream(), Http2Error.PROTOCOL_ERROR);
                return;
            }
        }
        ctx.fireChannelRead(frame);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        switch (message) {
            case Http2HeadersFrame headers -> wrote(ctx, headers, 0, headers.isEndStream(), promise);
            case Http2DataFrame data -> wrote(ctx, data, data.content().readableBytes(), data.isEndStream(), promise);
            default -> ctx.write(message, promise);
        }
    }

    private void wrote(
            ChannelHandlerContext ctx, Http2StreamFrame frame, int bytes, boolean last, ChannelPromise promise) {
        if (meter != null) {
            meter.wrote(bytes);
            if (last) {
                meter.ended();
            }
        }
        Http2FrameStream stream = frame.stream();
        if (last && stream != null) {
            // later: what has arrived already may be the end of the request
            ctx.write(frame, promise.unvoid())
                    .addListener(written -> ctx.executor().execute(() -> endRequest(ctx, stream)));
        } else {
            ctx.write(frame, promise);
        }
    }

    /** Tells a caller whose response is complete to send no more of its request (RFC 9113, 8.1). */
    private static void endRequest(ChannelHandlerContext ctx, Http2FrameStream stream) {
        if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR).stream(stream));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof Http2FrameStreamException malformed) {
            reset(ctx, malformed.stream(), malformed.error());
        } else if (!(failure instanceof Http2Exception)) {
            // the caller went away; after an error of the protocol the codec closes the connection itself
            ctx.close();
        }
    }

    private void reset(ChannelHandlerContext ctx, Http2FrameStream stream, Http2Error error) {
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
        if (meter != null) {
            meter.fault(ctx.pipeline());
        }
    }
}
