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
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;

/** What a connection to an instance is made of, and the frames that concern it and no stream. */
final class ConnectionPipeline extends ChannelInitializer<Channel> {
    private final Connection connection;

    ConnectionPipeline(Connection connection) {
        this.connection = connection;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(Http2.withServer(), new Http2MultiplexHandler(new CloseAtOnce()), new Frames());
    }

    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2SettingsFrame settings) {
                connection.told(settings.settings());
            } else if (frame instanceof Http2SettingsAckFrame) {
                connection.acknowledged();
            } else if (frame instanceof Http2GoAwayFrame goAway) {
                // the streams hear of it themselves; whoever comes next gets another connection
                connection.goAway(Http2Error.valueOf(goAway.errorCode()));
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            // the streams end in doubt as the connection closes; that says it all. HTTP/2 closes it itself, and says
            // why
            if (!(failure instanceof Http2Exception)) {
                ctx.close();
            }
        }
    }

    /** For streams that a server opens, which it may not: the settings forbid it. */
    @ChannelHandler.Sharable
    private static final class CloseAtOnce extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.close();
        }
    }
}
