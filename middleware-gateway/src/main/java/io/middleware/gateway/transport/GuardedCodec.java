package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.gateway.headers.GrpcStatus;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;

/** An HTTP/2 codec that reports to a {@link FloodGuard} what is written, and the streams that faulty frames end. */
final class GuardedCodec extends Http2FrameCodec {
    private static final int LONGEST_GOODBYE_MILLIS = 250;

    private final FloodGuard guard;
    private boolean leaving;

    GuardedCodec(
            Http2ConnectionEncoder encoder, Http2ConnectionDecoder decoder, Http2Settings settings, FloodGuard guard) {
        super(encoder, decoder, settings, false, true);
        this.guard = guard;
        // nobody listens to which streams may be written to, as their channels count what they wrote: no check, no
        // event
        encoder.flowController().listener(null);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
        if (frame instanceof Http2DataFrame data) {
            guard.wrote(data.content().readableBytes());
            if (data.isEndStream()) {
                guard.ended();
            }
        } else if (frame instanceof Http2HeadersFrame headers) {
            guard.wrote(0);
            if (headers.isEndStream()) {
                guard.ended();
            }
        }
        super.write(ctx, frame, promise);
    }

    /** Called for an error in a frame of the peer's ({@code outbound} is false) or of ours. */
    @Override
    public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
        if (outbound || !(cause instanceof Http2Exception.StreamException fault)) {
            super.onError(ctx, outbound, cause);
        } else if (!guard.fault(tokens(fault))) {
            super.onError(ctx, false, guard.calm("more faulty frames than calls"));
        } else if (!isNewAndTooLarge(fault) || !refused(ctx, fault.streamId())) {
            super.onError(ctx, false, cause);
        }
    }

    private boolean isNewAndTooLarge(Http2Exception.StreamException fault) {
        return fault instanceof Http2Exception.HeaderListSizeException large
                && large.duringDecode()
                && connection().isServer()
                && connection().stream(fault.streamId()) == null;
    }

    /**
     * Ends a call whose headers are too large with a gRPC status. Does not reset the stream, as Netty would: on a reset
     * Nginx drops the response before it. Returns false if there can be no such stream.
     */
    private boolean refused(ChannelHandlerContext ctx, int stream) {
        try {
            connection().remote().createStream(stream, true);
        } catch (Http2Exception impossible) {
            return false;
        }
        encoder()
                .writeHeaders(
                        ctx,
                        stream,
                        GrpcStatus.trailersOnly(
                                Code.RESOURCE_EXHAUSTED, "the call's metadata is larger than " + Http2.METADATA_WORDS),
                        0,
                        true,
                        ctx.newPromise());
        ctx.flush();
        return true;
    }

    /**
     * Closes the connection. After a caller's flood, what still arrives is read and dropped for a while: closing with
     * unread data would make the operating system discard the GOAWAY that gives the reason.
     */
    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
        if (!guard.tripped() || !connection().isServer()) {
            super.onConnectionError(ctx, outbound, cause, error);
        } else if (!leaving) {
            leaving = true;
            ctx.fireExceptionCaught(cause);
            // not goAway(), which closes at once
            frameWriter()
                    .writeGoAway(
                            ctx,
                            connection().remote().lastStreamCreated(),
                            error.error().code(),
                            ByteBufUtil.writeUtf8(ctx.alloc(), error.getMessage()),
                            ctx.newPromise());
            ctx.flush();
            ctx.executor().schedule(() -> ctx.close(), LONGEST_GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static int tokens(Http2Exception.StreamException fault) {
        return fault instanceof Http2Exception.HeaderListSizeException ? FloodGuard.LARGE_HEADERS : 1;
    }
}
