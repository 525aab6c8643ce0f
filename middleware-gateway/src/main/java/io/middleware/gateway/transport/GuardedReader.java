package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/** Charges each frame of the peer's to {@link FloodGuard} before it is processed, also on streams that are gone. */
final class GuardedReader implements Http2FrameReader {
    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final FloodGuard guard;
    private @Nullable Charged charged;

    GuardedReader(Http2FrameReader reader, Http2Connection connection, FloodGuard guard) {
        this.reader = reader;
        this.connection = connection;
        this.guard = guard;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        if (guard.tripped()) {
            input.skipBytes(input.readableBytes());
            return;
        }
        // the listener changes once, after the first SETTINGS
        if (charged == null || charged.to != listener) {
            charged = new Charged(listener);
        }
        reader.readFrame(ctx, input, charged);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private final class Charged extends Http2FrameListenerDecorator {
        private final Http2FrameListener to;

        Charged(Http2FrameListener to) {
            super(to);
            this.to = to;
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean last)
                throws Http2Exception {
            if (!data.isReadable() && !last) {
                guard.frame(ctx.channel(), FloodGuard.EMPTY_DATA);
            }
            return super.onDataRead(ctx, stream, data, padding, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean last)
                throws Http2Exception {
            guard.headers(ctx.channel(), stream);
            super.onHeadersRead(ctx, stream, headers, padding, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last)
                throws Http2Exception {
            guard.headers(ctx.channel(), stream);
            super.onHeadersRead(ctx, stream, headers, dependency, weight, exclusive, padding, last);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int stream, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            guard.frame(ctx.channel(), 1);
            super.onPriorityRead(ctx, stream, dependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int stream, long error) throws Http2Exception {
            guard.frame(ctx.channel(), 1);
            if (connection.stream(stream) != null) {
                guard.reset(stream);
            }
            super.onRstStreamRead(ctx, stream, error);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
            guard.frame(ctx.channel(), FloodGuard.SETTINGS);
            super.onSettingsRead(ctx, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            guard.frame(ctx.channel(), 1);
            super.onPingRead(ctx, data);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long error, ByteBuf debug)
                throws Http2Exception {
            guard.frame(ctx.channel(), FloodGuard.SETTINGS);
            super.onGoAwayRead(ctx, lastStream, error, debug);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int stream, int increment) throws Http2Exception {
            guard.frame(ctx.channel(), 1);
            super.onWindowUpdateRead(ctx, stream, increment);
        }

        @Override
        public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int stream, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            guard.frame(ctx.channel(), 1);
            super.onUnknownFrame(ctx, type, stream, flags, payload);
        }
    }
}
