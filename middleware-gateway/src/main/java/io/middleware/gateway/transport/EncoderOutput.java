package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Writes the frames of one stream to the encoder of its connection, past the pipeline. Data count as waiting until they
 * were written to the socket.
 */
final class EncoderOutput {
    /** With more bytes waiting, the output is not writable, */
    private static final int MUCH = 64 << 10;
    /** until there are fewer than this. */
    private static final int LITTLE = 32 << 10;
    /** The first data of most calls, which go to the socket's queue at once; smaller ones are not counted there. */
    private static final int SMALL = 2 << 10;

    private final Http2ConnectionHandler codec;
    private final ChannelHandlerContext ctx;
    private final FloodGuard guard;
    private final Http2Stream stream;
    private final StreamFrames reader;
    private long waiting;
    private boolean full;

    /** {@code reader} is told whenever {@link #isWritable} changes. */
    EncoderOutput(
            Http2ConnectionHandler codec,
            ChannelHandlerContext ctx,
            FloodGuard guard,
            Http2Stream stream,
            StreamFrames reader) {
        this.codec = codec;
        this.ctx = ctx;
        this.guard = guard;
        this.stream = stream;
        this.reader = reader;
    }

    ChannelFuture headers(Http2Headers headers, boolean last) {
        guard.wrote(0);
        if (last) {
            guard.ended();
        }
        return codec.encoder().writeHeaders(ctx, stream.id(), headers, 0, last, ctx.newPromise());
    }

    void data(ByteBuf data, boolean last) {
        int size = data.readableBytes();
        guard.wrote(size);
        if (last) {
            guard.ended();
        }
        ChannelPromise written = ctx.newPromise();
        codec.encoder().writeData(ctx, stream.id(), data, 0, last, written);
        if (!written.isDone()
                && (size > SMALL || codec.encoder().flowController().hasFlowControlled(stream))) {
            waiting += size;
            written.addListener(done -> written(size));
            if (!full && waiting > MUCH) {
                full = true;
                reader.onWritabilityChanged();
            }
        }
    }

    private void written(int size) {
        waiting -= size;
        if (full && waiting < LITTLE) {
            full = false;
            reader.onWritabilityChanged();
        }
    }

    /** Without an error, what was written before goes first, as far as the peer's window takes it. */
    void reset(Http2Error error) {
        if (error == Http2Error.NO_ERROR && !isDrained()) {
            writePending();
        }
        if (codec.connection().stream(stream.id()) != null) {
            codec.encoder().writeRstStream(ctx, stream.id(), error.code(), ctx.newPromise());
        }
    }

    private void writePending() {
        try {
            codec.encoder().flowController().writePendingBytes();
        } catch (Http2Exception fault) {
            codec.onError(ctx, true, fault);
        }
    }

    boolean isWritable() {
        return !full;
    }

    boolean isDrained() {
        return !codec.encoder().flowController().hasFlowControlled(stream);
    }

    /** Gives bytes of data that were held back to the peer's window; when the stream has ended Netty has done so. */
    void consumed(int bytes) {
        if (bytes == 0 || codec.connection().stream(stream.id()) == null) {
            return;
        }
        try {
            if (codec.connection().local().flowController().consumeBytes(stream, bytes)) {
                ctx.flush();
            }
        } catch (Http2Exception fault) {
            codec.onError(ctx, true, fault);
        }
    }
}
