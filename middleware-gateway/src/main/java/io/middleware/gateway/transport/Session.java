package io.middleware.gateway.transport;

import io.middleware.core.instance.Instance;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;

/** HTTP/2 on a channel that an instance has accepted. Confined to the connection's event loop. */
final class Session {
    /** With less of the server's window left, a request may have to wait until the server has read others. */
    private static final int LITTLE_WINDOW = 16 << 10;

    private final Channel channel;
    private final int madeAt;
    private final FlushBatch flushes;
    private final Http2StreamChannelBootstrap opener;
    private final Pings pings;
    private final Http2Connection http2;

    Session(Channel channel, Instance instance, ConnectionPipeline.Listener listener) {
        this.channel = channel;
        this.madeAt = instance.renewals();
        this.flushes = new FlushBatch(channel);
        this.opener = new Http2StreamChannelBootstrap(channel);
        this.pings = new Pings(instance, channel);
        channel.pipeline().addLast(new ConnectionPipeline(listener));
        this.http2 = channel.pipeline().get(GuardedCodec.class).connection();
    }

    /** Enlarges the connection's window and begins to read. */
    void start() {
        channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(Http2.windowIncrement()));
        channel.config().setAutoRead(true);
    }

    /** Returns {@link Instance#renewals} of the time when the connection was made. */
    int madeAt() {
        return madeAt;
    }

    /** Returns whether the server's window has room for a request. */
    boolean hasWindow() {
        return http2.remote().flowController().windowSize(http2.connectionStream()) > LITTLE_WINDOW;
    }

    /** Opens a stream; completes at once, as callers are on the connection's event loop. */
    Future<Http2StreamChannel> open() {
        return opener.open();
    }

    Pings pings() {
        return pings;
    }

    void flushSoon() {
        flushes.soon();
    }

    void close() {
        channel.close();
    }
}
