package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.headers.MiddlewareHeaders;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets no response end before its request, where {@link MiddlewareHeaders#AWAIT_REQUEST} asks for that: its last part waits while
 * the rest of the request is read and dropped, a second at most. Confined to one connection by HTTP/1.1.
 */
final class RequestFirst extends ChannelDuplexHandler {
    private static final long MOST_MILLIS = 1_000;

    private boolean inRequest;
    private @Nullable Last held;

    /** The last part of a response. */
    private record Last(Object message, ChannelPromise promise, Future<?> limit) {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            inRequest = request.headers().contains(MiddlewareHeaders.AWAIT_REQUEST);
        }
        boolean ends = message instanceof LastHttpContent;
        inRequest &= !ends;
        if (held == null) {
            ctx.fireChannelRead(message);
        } else if (message instanceof HttpContent rest) {
            boolean broken = rest.decoderResult().isFailure();
            rest.release();
            if (broken) {
                release(ctx);
                ctx.close();
            } else if (ends) {
                ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
                release(ctx);
            }
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (held != null) {
            ctx.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (inRequest && message instanceof HttpResponse head && tellsItsEnd(head)) {
            HttpUtil.setTransferEncodingChunked(head, true);
        }
        if (!inRequest || held != null || !(message instanceof LastHttpContent) || isInterim(message)) {
            ctx.write(message, promise);
            return;
        }
        Future<?> limit = ctx.executor().schedule(() -> release(ctx), MOST_MILLIS, TimeUnit.MILLISECONDS);
        held = new Last(message, promise, limit);
        ctx.read();
    }

    /** Returns whether the parts that follow end the response before its last part is written. */
    private static boolean tellsItsEnd(HttpResponse head) {
        return !(head instanceof FullHttpResponse) && head.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse head && head.status().code() < 200;
    }

    private void release(ChannelHandlerContext ctx) {
        Last last = held;
        if (last != null) {
            held = null;
            last.limit.cancel(false);
            ctx.writeAndFlush(last.message, last.promise);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        Last last = held;
        if (last != null) {
            held = null;
            last.limit.cancel(false);
            ReferenceCountUtil.release(last.message);
            last.promise.tryFailure(new ClosedChannelException());
        }
    }
}
