package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** Passes on a server's frames. */
final class ServerReads extends StreamReads {
    private final ServerCodec codec;
    private final ConnectionFrames events;

    ServerReads(ServerCodec codec, ConnectionFrames events) {
        super(codec);
        this.codec = codec;
        this.events = events;
    }

    /** Returns null: the settings forbid a server to open streams. */
    @Override
    @Nullable
    CodecStream accept(Http2Stream stream) {
        return null;
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long code, ByteBuf debug) {
        Http2Error error = Http2Error.valueOf(code);
        events.onGoAway(error);
        codec.forEachStream((stream, id) -> {
            if (id > lastStream) {
                stream.unseen(error);
            }
        });
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        events.onSettings(settings);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        events.onSettingsAck();
    }
}
