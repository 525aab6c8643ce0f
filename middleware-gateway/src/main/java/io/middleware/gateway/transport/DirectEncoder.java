package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the first data of a stream to the socket's queue at once if the peer's windows have room, which is all that
 * most calls have. Netty would keep them in a queue of the stream's until the connection is flushed, and the trailers
 * behind them. Later data go through that queue, which makes one frame of many small ones. Confined to the connection's
 * event loop.
 */
final class DirectEncoder extends DefaultHttp2ConnectionEncoder {
    private final Http2Connection.PropertyKey begun;
    private @Nullable Http2LifecycleManager lifecycle;

    private final ChannelFutureListener whenWritten = written -> {
        if (!written.isSuccess()) {
            lifecycle().onError(flowController().channelHandlerContext(), true, written.cause());
        }
    };

    DirectEncoder(Http2Connection connection, Http2FrameWriter writer) {
        super(connection, writer);
        this.begun = connection.newKey();
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        super.lifecycleManager(manager);
        lifecycle = manager;
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last, ChannelPromise promise) {
        Http2Stream stream = connection().stream(id);
        int size = data.readableBytes();
        if (padding > 0 || stream == null || !isFirst(stream) || !hasRoom(stream, size) || size == 0 && !last) {
            return super.writeData(ctx, id, data, padding, last, promise);
        }
        ChannelPromise written = promise.unvoid();
        try {
            take(stream, size);
        } catch (Http2Exception impossible) {
            data.release();
            return written.setFailure(impossible);
        }
        frameWriter().writeData(ctx, id, data, 0, last, written);
        written.addListener(whenWritten);
        if (last) {
            lifecycle().closeStreamLocal(stream, written);
        }
        return written;
    }

    private boolean isFirst(Http2Stream stream) {
        return stream.getProperty(begun) == null
                && (stream.state() == Http2Stream.State.OPEN || stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE);
    }

    /** Returns whether nothing that waits for a window would be overtaken, and this need not wait. */
    private boolean hasRoom(Http2Stream stream, int size) {
        Http2RemoteFlowController flow = flowController();
        Http2Stream whole = connection().connectionStream();
        return flow.isWritable(whole)
                && !flow.hasFlowControlled(stream)
                && flow.windowSize(stream) >= size
                && flow.windowSize(whole) >= size;
    }

    private void take(Http2Stream stream, int size) throws Http2Exception {
        stream.setProperty(begun, Boolean.TRUE);
        if (size > 0) {
            flowController().incrementWindowSize(connection().connectionStream(), -size);
            flowController().incrementWindowSize(stream, -size);
        }
    }

    private Http2LifecycleManager lifecycle() {
        return Objects.requireNonNull(lifecycle, "the codec sets it before it writes");
    }
}
