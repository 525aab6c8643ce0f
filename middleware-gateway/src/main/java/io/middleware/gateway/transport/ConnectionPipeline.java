package io.middleware.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;

/** Sets up the handlers of a connection to an instance, and passes on the frames that concern no stream. */
final class ConnectionPipeline extends ChannelInitializer<Channel> {
    private final Listener listener;

    /** Gets the frames that concern the connection. */
    interface Listener {
        /** Called when the server's settings arrive, the first of which are its first frame. */
        void onSettings(Http2Settings settings);

        /** Called when the server acknowledges settings of ours. */
        void onSettingsAck();

        /** Called when the server takes no more streams. */
        void onGoAway(Http2Error error);
    }

    ConnectionPipeline(Listener listener) {
        this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(Http2.withServer(), new Http2MultiplexHandler(new CloseAtOnce()), new Frames());
    }

    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2SettingsFrame settings) {
                listener.onSettings(settings.settings());
            } else if (frame instanceof Http2SettingsAckFrame) {
                listener.onSettingsAck();
            } else if (frame instanceof Http2GoAwayFrame goAway) {
                // the multiplexer ends the streams that the server has not seen; the next call gets another connection
                listener.onGoAway(Http2Error.valueOf(goAway.errorCode()));
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            // the streams end as the connection closes; HTTP/2 closes it itself after an error of the protocol
            if (!(failure instanceof Http2Exception)) {
                ctx.close();
            }
        }
    }

    /** Closes a stream that a server opens, which the settings forbid. */
    @ChannelHandler.Sharable
    private static final class CloseAtOnce extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.close();
        }
    }
}
