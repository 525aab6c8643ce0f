package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.transport.CallerPatience;
import io.middleware.gateway.transport.Http2;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;

/** Handles the frames of a caller's connection that concern no stream. */
final class CallerConnection extends ChannelInboundHandlerAdapter {
    private final Admission admission;
    /** Waits for the preface and the first SETTINGS. */
    private final CallerPatience patience;

    CallerConnection(Admission admission, CallerPatience patience) {
        this.admission = admission;
        this.patience = patience;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(Http2.windowIncrement()));
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2SettingsFrame) {
            patience.speaksHttp2();
        }
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        admission.turnEnded();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        admission.close();
        // usually the caller went away; closing the connection cancels its streams. After an HTTP/2 error the codec
        // closes it itself
        if (!(failure instanceof Http2Exception)) {
            ctx.close();
        }
    }
}
