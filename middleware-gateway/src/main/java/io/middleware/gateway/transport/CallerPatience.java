package io.middleware.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a caller's connection that is of no use: one that begins a request and does not end its head, however many bytes it sends
 * meanwhile, and one that had no call for long. Sees bytes, before any codec. Confined to the connection's event loop.
 */
public final class CallerPatience extends ChannelInboundHandlerAdapter {
    private final long headNanos;
    private final long idleNanos;
    private final BooleanSupplier busy;
    /** Whether each request has a head of its own, and not the first alone. */
    private boolean oneByOne = true;

    private boolean inHead;
    private long headBegan;
    private long lastUse;
    private @Nullable Future<?> headCheck;
    private @Nullable Future<?> idleCheck;

    /** {@code busy}: whether there is a call on the connection. */
    public CallerPatience(CallerLimits limits, BooleanSupplier busy) {
        this.headNanos = limits.head().toNanos();
        this.idleNanos = limits.idle().toNanos();
        this.busy = busy;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        lastUse = System.nanoTime();
        beginHead(ctx);
        idleCheck = ctx.executor().schedule(() -> checkIdle(ctx.channel()), idleNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        lastUse = System.nanoTime();
        if (oneByOne && !inHead && !busy.getAsBoolean()) {
            beginHead(ctx);
        }
        ctx.fireChannelRead(bytes);
    }

    /** Called when the head of a request has come whole. */
    public void headComplete() {
        inHead = false;
    }

    /** Called when the connection speaks HTTP/2, whose requests have no heads that end. */
    public void speaksHttp2() {
        oneByOne = false;
        inHead = false;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel(headCheck);
        cancel(idleCheck);
    }

    private static void cancel(@Nullable Future<?> check) {
        if (check != null) {
            check.cancel(false);
        }
    }

    private void beginHead(ChannelHandlerContext ctx) {
        inHead = true;
        headBegan = lastUse;
        if (headCheck == null) {
            headCheck = ctx.executor().schedule(() -> checkHead(ctx), headNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One timer is enough for many heads: it is set again while there is one. */
    private void checkHead(ChannelHandlerContext ctx) {
        headCheck = null;
        // which notices HTTP/2, too
        if (busy.getAsBoolean()) {
            inHead = false;
        }
        long left = headNanos - (System.nanoTime() - headBegan);
        if (inHead && left <= 0) {
            ctx.channel().close();
        } else if (inHead) {
            headCheck = ctx.executor().schedule(() -> checkHead(ctx), left, TimeUnit.NANOSECONDS);
        }
    }

    private void checkIdle(Channel connection) {
        long now = System.nanoTime();
        if (busy.getAsBoolean()) {
            lastUse = now;
        }
        long left = idleNanos - (now - lastUse);
        if (left <= 0) {
            // by HTTP/2, the codec says so by a GOAWAY first
            connection.close();
        } else {
            idleCheck = connection.eventLoop().schedule(() -> checkIdle(connection), left, TimeUnit.NANOSECONDS);
        }
    }
}
