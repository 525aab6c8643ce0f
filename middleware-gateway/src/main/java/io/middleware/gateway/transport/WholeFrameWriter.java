package io.middleware.gateway.transport;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * Writes headers, and small data, as one buffer with the head of their frame. Netty writes two of each, with a promise
 * that waits for both: twice the buffers, entries in the socket's queue and parts of a system call. Confined to the
 * connection's event loop.
 */
final class WholeFrameWriter extends DefaultHttp2FrameWriter {
    /** More data are not copied. */
    static final int MOST_COPIED = 2 << 10;

    /** Bytes of a frame that nearly all blocks of headers fit into. */
    private static final int USUAL_HEADERS = 256;

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Http2HeadersEncoder encoder;

    WholeFrameWriter(Http2HeadersEncoder encoder) {
        super(encoder);
        this.encoder = encoder;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int stream,
            Http2Headers headers,
            int padding,
            boolean last,
            ChannelPromise promise) {
        if (padding > 0) {
            return super.writeHeaders(ctx, stream, headers, padding, last, promise);
        }
        ByteBuf frame = ctx.alloc().buffer(USUAL_HEADERS).writeZero(FRAME_HEADER_LENGTH);
        try {
            encoder.encodeHeaders(stream, headers, frame);
        } catch (Http2Exception refused) {
            frame.release();
            return promise.setFailure(refused);
        }
        int length = frame.readableBytes() - FRAME_HEADER_LENGTH;
        if (length > maxFrameSize()) {
            return ctx.write(split(ctx.alloc(), frame, stream, last), promise);
        }
        frame.setMedium(0, length)
                .setByte(3, Http2FrameTypes.HEADERS)
                .setByte(4, last ? END_HEADERS | END_STREAM : END_HEADERS)
                .setInt(5, stream);
        return ctx.write(frame, promise);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean last, ChannelPromise promise) {
        int length = data.readableBytes();
        if (padding > 0 || length > MOST_COPIED) {
            return super.writeData(ctx, stream, data, padding, last, promise);
        }
        ByteBuf frame = ctx.alloc().buffer(FRAME_HEADER_LENGTH + length);
        head(frame, length, Http2FrameTypes.DATA, last ? END_STREAM : 0, stream);
        try {
            frame.writeBytes(data);
        } finally {
            data.release();
        }
        return ctx.write(frame, promise);
    }

    /** Returns the frames of headers that one frame cannot hold; {@code block} begins with room for one head. */
    private ByteBuf split(ByteBufAllocator buffers, ByteBuf block, int stream, boolean last) {
        block.skipBytes(FRAME_HEADER_LENGTH);
        int most = maxFrameSize();
        int frames = (block.readableBytes() + most - 1) / most;
        ByteBuf all = buffers.buffer(block.readableBytes() + frames * FRAME_HEADER_LENGTH);
        byte type = Http2FrameTypes.HEADERS;
        int flags = last ? END_STREAM : 0;
        while (block.isReadable()) {
            int part = Math.min(most, block.readableBytes());
            head(all, part, type, part == block.readableBytes() ? flags | END_HEADERS : flags, stream);
            all.writeBytes(block, part);
            type = Http2FrameTypes.CONTINUATION;
            flags = 0;
        }
        block.release();
        return all;
    }

    private static void head(ByteBuf frame, int length, byte type, int flags, int stream) {
        frame.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }
}
