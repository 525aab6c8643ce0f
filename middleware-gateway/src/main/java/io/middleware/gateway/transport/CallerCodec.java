package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.gateway.headers.GrpcStatus;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The handler of a connection with a caller. */
public final class CallerCodec extends StreamCodec {
    private static final int LONGEST_GOODBYE_MILLIS = 250;

    private final CallerEvents events;
    private boolean leaving;

    CallerCodec(Http2.Parts parts, CallerEvents events) {
        super(parts);
        this.events = events;
        decoder().frameListener(new Reads());
    }

    private final class Reads extends StreamReads {
        Reads() {
            super(CallerCodec.this);
        }

        @Override
        @Nullable
        CodecStream accept(Http2Stream opened) {
            CallerEvents.Reader reader = events.onStream();
            CodecStream stream = attach(opened, reader);
            reader.bind(stream);
            return stream;
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            events.onSettings();
        }
    }

    /** Returns how many streams are open. */
    public int streams() {
        return connection().numActiveStreams();
    }

    /** Tells the caller to open no more streams on this connection; those that it opens meanwhile are served. */
    public void announceEnd() {
        leave(Integer.MAX_VALUE);
    }

    /** Serves no streams beyond those that are open, and closes when the last of them has ended. */
    public void end() {
        leave(connection().remote().lastStreamCreated());
        context().channel().close();
    }

    private void leave(int lastStream) {
        goAway(
                context(),
                lastStream,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
        context().flush();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        enlargeWindow();
        ctx.flush();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        events.onReadComplete();
        super.channelReadComplete(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        events.onBroken();
        super.exceptionCaught(ctx, cause);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException fault) {
        if (outbound || !isNewAndTooLarge(fault) || !refused(ctx, fault.streamId())) {
            super.onStreamError(ctx, outbound, cause, fault);
        }
    }

    private boolean isNewAndTooLarge(Http2Exception.StreamException fault) {
        return fault instanceof Http2Exception.HeaderListSizeException large
                && large.duringDecode()
                && connection().stream(fault.streamId()) == null;
    }

    /**
     * Ends a call whose headers are too large with a gRPC status. Does not reset the stream, as Netty would: on a reset
     * Nginx drops the response before it. Returns false if there can be no such stream.
     */
    private boolean refused(ChannelHandlerContext ctx, int stream) {
        try {
            connection().remote().createStream(stream, true);
        } catch (Http2Exception impossible) {
            return false;
        }
        encoder()
                .writeHeaders(
                        ctx,
                        stream,
                        GrpcStatus.trailersOnly(
                                Code.RESOURCE_EXHAUSTED, "the call's metadata is larger than " + Http2.METADATA_WORDS),
                        0,
                        true,
                        ctx.newPromise());
        ctx.flush();
        return true;
    }

    /**
     * Closes the connection. After a flood, what still arrives is read and dropped for a while: closing with unread
     * data would make the operating system discard the GOAWAY that gives the reason.
     */
    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
        events.onBroken();
        if (!guard().tripped()) {
            super.onConnectionError(ctx, outbound, cause, error);
        } else if (!leaving) {
            leaving = true;
            // not goAway(), which closes at once
            frameWriter()
                    .writeGoAway(
                            ctx,
                            connection().remote().lastStreamCreated(),
                            error.error().code(),
                            ByteBufUtil.writeUtf8(ctx.alloc(), error.getMessage()),
                            ctx.newPromise());
            ctx.flush();
            ctx.executor().schedule(() -> ctx.close(), LONGEST_GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
