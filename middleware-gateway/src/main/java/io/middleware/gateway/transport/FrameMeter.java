package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Charges each frame of a caller to {@link FloodGuard}, before a codec into which no {@link GuardedReader} can be put. Sees bytes,
 * from the first one on, and leaves a connection that does not begin by HTTP/2. Blocks of headers that do not end, and DATA that is
 * padding alone, are bounded by Netty's codec. Confined to the connection's event loop.
 */
public final class FrameMeter extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** END_STREAM of DATA, ACK of SETTINGS. */
    private static final int FIRST_FLAG = 1;

    private final FloodGuard guard;
    private final byte[] head = new byte[Http2CodecUtil.FRAME_HEADER_LENGTH];
    private int prefaceRead;
    private int headRead;
    private int payloadLeft;

    public FrameMeter(CallerLimits limits) {
        this.guard = new FloodGuard(limits, true);
    }

    /** Called when so many bytes of a response were written. */
    public void wrote(int bytes) {
        guard.wrote(bytes);
    }

    /** Called when a response has ended. */
    public void ended() {
        guard.ended();
    }

    /** Called when a faulty request made its stream be reset: too many end the connection. */
    public void fault(ChannelPipeline pipeline) {
        if (!guard.tripped() && !guard.fault(1)) {
            close(pipeline, guard.calm("more streams reset than ended"));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf bytes && !guard.tripped() && !read(ctx, bytes)) {
                ctx.pipeline().remove(this);
            }
        } catch (Http2Exception calm) {
            close(ctx.pipeline(), calm);
        }
        if (guard.tripped()) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** Returns whether these can be bytes of HTTP/2. */
    private boolean read(ChannelHandlerContext ctx, ByteBuf bytes) throws Http2Exception {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (prefaceRead < PREFACE.length) {
                if (bytes.getByte(at++) != PREFACE[prefaceRead++]) {
                    return false;
                }
            } else if (payloadLeft > 0) {
                int skipped = Math.min(payloadLeft, end - at);
                payloadLeft -= skipped;
                at += skipped;
            } else {
                head[headRead++] = bytes.getByte(at++);
                if (headRead == head.length) {
                    headRead = 0;
                    onFrame(codec(ctx.pipeline()));
                }
            }
        }
        return true;
    }

    private void onFrame(@Nullable Http2FrameCodec codec) throws Http2Exception {
        payloadLeft = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        boolean flagged = (head[4] & FIRST_FLAG) != 0;
        int stream = (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | head[8] & 0xff;
        switch (head[3]) {
            case Http2FrameTypes.HEADERS -> guard.opened(stream);
            case Http2FrameTypes.CONTINUATION -> {}
            case Http2FrameTypes.DATA -> {
                if (payloadLeft == 0 && !flagged) {
                    guard.frame(FloodGuard.EMPTY_DATA);
                }
            }
            case Http2FrameTypes.SETTINGS -> guard.frame(flagged ? 1 : FloodGuard.SETTINGS);
            case Http2FrameTypes.GO_AWAY -> guard.frame(FloodGuard.SETTINGS);
            case Http2FrameTypes.RST_STREAM -> {
                guard.frame(1);
                if (codec == null || inFlight(codec, stream)) {
                    guard.reset(stream);
                }
            }
            default -> guard.frame(1);
        }
    }

    /** Returns whether a stream has not ended; one that came with the same bytes is not known to the codec yet. */
    private static boolean inFlight(Http2FrameCodec codec, int stream) {
        return codec.connection().stream(stream) != null
                || stream > codec.connection().remote().lastStreamCreated();
    }

    private static @Nullable Http2FrameCodec codec(ChannelPipeline pipeline) {
        return pipeline.get(Http2FrameCodec.class);
    }

    private static void close(ChannelPipeline pipeline, Http2Exception calm) {
        Http2FrameCodec codec = codec(pipeline);
        if (codec == null) {
            pipeline.channel().close();
        } else {
            codec.onError(pipeline.context(codec), false, calm);
        }
    }
}
