package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.CallerPatience;
import io.middleware.gateway.transport.FrameMeter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Limits how many connections callers have to the port for HTTP, and how long these may be without a call. */
final class HttpDoor {
    /**
     * Bytes of a body that still come after its response, and are dropped: who sends as much as a body may have shall read that
     * response, which the end of the connection could destroy.
     */
    private static final long MOST_DROPPED = 17 << 20;

    private final CallerLimits limits;
    private final AtomicInteger connections = new AtomicInteger();

    private HttpDoor(CallerLimits limits) {
        this.limits = limits;
    }

    /** Returns the server with these limits, in addition to those of {@link HttpVersions}. */
    static HttpServer on(HttpServer server, CallerLimits limits) {
        HttpDoor door = new HttpDoor(limits);
        return server.http2Settings(settings -> HttpVersions.limit(settings).maxConcurrentStreams(limits.streams()))
                .doOnChannelInit((observer, channel, address) -> door.enter(channel));
    }

    private void enter(Channel connection) {
        ChannelPipeline pipeline = connection.pipeline();
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) == null) {
            return; // a stream of HTTP/2, whose connection came in before
        }
        if (connections.incrementAndGet() > limits.connections()) {
            connections.decrementAndGet();
            connection.close();
            return;
        }
        connection.closeFuture().addListener(closed -> connections.decrementAndGet());
        Requests requests = new Requests(limits.head());
        CallerPatience patience = new CallerPatience(limits, () -> requests.busy(pipeline));
        requests.patience = patience;
        pipeline.addFirst(patience);
        pipeline.addFirst(new FrameMeter(limits));
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, null, requests);
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, null, new RequestFirst());
    }

    /** Knows whether a call is on the connection, and whether its caller goes on after its response. Confined to it. */
    private static final class Requests extends ChannelDuplexHandler {
        private final Duration dropsFor;
        private @Nullable CallerPatience patience;
        private int unanswered;
        private boolean inBody;
        private boolean http1;
        private long dropped;
        private @Nullable Future<?> end;

        Requests(Duration dropsFor) {
            this.dropsFor = dropsFor;
        }

        boolean busy(ChannelPipeline pipeline) {
            if (unanswered > 0 || inBody) {
                return true;
            }
            Http2FrameCodec http2 = http1 ? null : pipeline.get(Http2FrameCodec.class);
            if (http2 == null) {
                return false;
            }
            if (patience != null) {
                patience.speaksHttp2();
            }
            return http2.connection().numActiveStreams() > 0;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest) {
                http1 = true; // streams of HTTP/2 have channels of their own
                unanswered++;
                inBody = true;
                if (patience != null) {
                    patience.headComplete();
                }
            }
            if (message instanceof HttpContent content && unanswered == 0) {
                dropped += content.content().readableBytes();
            }
            if (message instanceof LastHttpContent) {
                inBody = false;
                dropped = 0;
                if (end != null) {
                    end.cancel(false);
                    end = null;
                }
            }
            ctx.fireChannelRead(message);
            if (dropped > MOST_DROPPED) {
                ctx.close();
            }
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            boolean interim = message instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (message instanceof LastHttpContent && !interim && unanswered > 0) {
                unanswered--;
                if (unanswered == 0 && inBody && end == null) {
                    end = ctx.executor().schedule(() -> ctx.close(), dropsFor.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            ctx.write(message, promise);
        }
    }
}
