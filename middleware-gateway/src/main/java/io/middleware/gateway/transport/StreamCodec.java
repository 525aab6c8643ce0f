package io.middleware.gateway.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one handler of a connection by HTTP/2. Netty's record of a stream carries a {@link CodecStream}: no channel, no
 * pipeline and no object for each frame are made. Confined to the connection's event loop.
 */
abstract class StreamCodec extends Http2ConnectionHandler {
    private final FloodGuard guard;
    private final Http2Connection.PropertyKey streamKey;
    /** Null until the handler is in a pipeline. */
    private @Nullable ChannelHandlerContext context;

    StreamCodec(Http2.Parts parts) {
        super(parts.decoder(), parts.encoder(), parts.settings(), false, true);
        this.guard = parts.guard();
        this.streamKey = connection().newKey();
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                CodecStream ours = stream(stream);
                if (ours != null) {
                    closed(ours);
                }
            }
        });
    }

    /** Returns what belongs to Netty's record of a stream; null if nothing does. */
    @Nullable
    CodecStream stream(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(streamKey);
    }

    /** Gives a stream its reader. */
    CodecStream attach(Http2Stream stream, StreamFrames reader) {
        CodecStream ours = new CodecStream(reader, new EncoderOutput(this, context(), guard, stream, reader));
        stream.setProperty(streamKey, ours);
        return ours;
    }

    /** Called when neither side can send on a stream any more. */
    void closed(CodecStream stream) {
        stream.closed();
    }

    /** Calls {@code action} with each open stream and its number, in the order in which they were opened. */
    void forEachStream(ObjIntConsumer<CodecStream> action) {
        try {
            connection().forEachActiveStream(stream -> {
                CodecStream ours = stream(stream);
                if (ours != null) {
                    action.accept(ours, stream.id());
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Enlarges the window of the connection, beyond the one that all connections begin with. */
    void enlargeWindow() {
        try {
            connection()
                    .local()
                    .flowController()
                    .incrementWindowSize(connection().connectionStream(), Http2.windowIncrement());
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    /** Called for an error in a frame of the peer's ({@code outbound} is false) or of ours. */
    @Override
    public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
        boolean flood = !outbound && cause instanceof Http2Exception.StreamException fault && !guard.fault(fault);
        super.onError(ctx, outbound, flood ? guard.calm("more faulty frames than calls") : cause);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException fault) {
        CodecStream stream = stream(connection().stream(fault.streamId()));
        if (stream == null) {
            super.onStreamError(ctx, outbound, cause, fault);
        } else if (!outbound) {
            stream.fail(fault);
        }
        // else the future of what was written tells of it
    }

    /** Closes the connection after an error that is none of HTTP/2's, for which the codec closes it itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof Http2Exception || cause.getCause() instanceof Http2Exception) {
            super.exceptionCaught(ctx, cause);
        } else {
            ctx.close();
        }
    }

    /** Ends the streams in their order. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        try {
            forEachStream((stream, id) -> stream.closed());
        } finally {
            super.channelInactive(ctx);
        }
    }

    FloodGuard guard() {
        return guard;
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "the handler is in a pipeline before there is a stream");
    }
}
