package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** Passes on a peer's frames to the streams that they are for. */
abstract class StreamReads extends Http2FrameAdapter {
    private final StreamCodec codec;

    StreamReads(StreamCodec codec) {
        this.codec = codec;
    }

    /** Returns our part of a stream that the peer has just opened; null if it may not. */
    abstract @Nullable CodecStream accept(Http2Stream stream);

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean last) {
        onHeadersRead(ctx, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean last) {
        Http2Stream opened = codec.connection().stream(id);
        CodecStream stream = codec.stream(opened);
        if (stream == null) {
            stream = accept(opened);
        }
        if (stream == null) {
            codec.encoder().writeRstStream(ctx, id, Http2Error.CANCEL.code(), ctx.newPromise());
        } else {
            stream.receive(headers, last);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
        CodecStream stream = stream(id);
        return padding + (stream == null ? data.readableBytes() : stream.receive(data.retain(), last));
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        CodecStream stream = stream(id);
        if (stream != null) {
            stream.receiveReset(Http2Error.valueOf(code));
        }
    }

    private @Nullable CodecStream stream(int id) {
        return codec.stream(codec.connection().stream(id));
    }
}
