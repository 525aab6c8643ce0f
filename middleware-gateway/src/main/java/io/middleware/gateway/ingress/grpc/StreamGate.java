package io.middleware.gateway.ingress.grpc;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the frames of a caller's stream until everything that was read with them is decoded and {@link Admission} lets
 * the call start. A stream that is reset before then starts no call.
 */
final class StreamGate extends ChannelDuplexHandler {
    private final Admission admission;
    private final List<Object> held = new ArrayList<>(2);
    private @Nullable ChannelHandlerContext ctx;
    private boolean asked;
    private boolean open;
    private boolean gone;

    StreamGate(Admission admission) {
        this.admission = admission;
    }

    /** Returns whether the stream has ended. */
    boolean gone() {
        return gone;
    }

    /** Passes on the frames that were held, and all later ones. */
    void open() {
        open = true;
        ChannelHandlerContext current = Objects.requireNonNull(ctx);
        held.forEach(current::fireChannelRead);
        held.clear();
        current.fireChannelReadComplete();
        if (current.channel().config().isAutoRead()) {
            current.read();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (open) {
            ctx.fireChannelRead(frame);
        } else if (gone) {
            ReferenceCountUtil.release(frame);
        } else {
            held.add(frame);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (open) {
            ctx.fireChannelReadComplete();
        } else if (!asked && !held.isEmpty()) {
            asked = true;
            admission.ask(this);
        }
    }

    /** Reads nothing while the call waits, so that the caller's window bounds what is held. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (open || !asked) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            drop();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    private void drop() {
        gone = true;
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
