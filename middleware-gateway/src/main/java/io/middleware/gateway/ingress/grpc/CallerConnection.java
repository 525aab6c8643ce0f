package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.transport.Http2;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Handles the frames of a caller's connection that concern no stream. */
final class CallerConnection extends ChannelInboundHandlerAdapter {
    /** Limit for the preface and the first SETTINGS of a caller that has connected. */
    static final int GREETING_LIMIT_SECONDS = 10;

    private final Admission admission;
    /** Null until the connection is active. */
    private @Nullable Future<?> greetingLimit;

    CallerConnection(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(Http2.windowIncrement()));
        greetingLimit = ctx.executor().schedule(() -> ctx.close(), GREETING_LIMIT_SECONDS, TimeUnit.SECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2SettingsFrame) {
            endGreetingLimit();
        }
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        admission.turnEnded();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endGreetingLimit();
        ctx.fireChannelInactive();
    }

    private void endGreetingLimit() {
        if (greetingLimit != null) {
            greetingLimit.cancel(false);
        }
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
