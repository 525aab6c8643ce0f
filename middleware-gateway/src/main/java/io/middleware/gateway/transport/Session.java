package io.middleware.gateway.transport;

import io.middleware.core.instance.Instance;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;

/** HTTP/2 on a channel that an instance has accepted. Confined to the connection's event loop. */
final class Session {
    /** With less of the server's window left, a request may have to wait until the server has read others. */
    private static final int LITTLE_WINDOW = 16 << 10;

    private final Channel channel;
    private final int madeAt;
    private final FlushBatch flushes;
    private final ServerCodec codec;
    private final Pings pings;

    Session(Channel channel, Instance instance, ConnectionFrames frames) {
        this.channel = channel;
        this.madeAt = instance.version().renewals();
        this.flushes = new FlushBatch(channel);
        this.codec = Http2.withServer(frames);
        channel.pipeline().addLast(codec);
        this.pings = new Pings(instance, codec, flushes);
    }

    /** Enlarges the connection's window and begins to read. */
    void start() {
        codec.enlargeWindow();
        channel.flush();
        channel.config().setAutoRead(true);
    }

    /** Returns {@link ServerVersion#renewals} of the time when the connection was made. */
    int madeAt() {
        return madeAt;
    }

    /** Returns whether the server's window has room for a request. */
    boolean hasWindow() {
        Http2Connection http2 = codec.connection();
        return http2.remote().flowController().windowSize(http2.connectionStream()) > LITTLE_WINDOW;
    }

    /**
     * Opens a stream.
     *
     * @throws Http2Exception the connection takes no more streams
     */
    CodecStream open(StreamFrames reader) throws Http2Exception {
        return codec.open(reader);
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
