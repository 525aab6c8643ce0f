package io.middleware.gateway.ingress.grpc;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.call.Exchange;
import io.middleware.core.call.Failover;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallId;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.RequestHeaders;
import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/** One caller's stream: turns its frames into a call, and the call's answer into frames. */
final class GrpcStream extends ChannelInboundHandlerAdapter implements Caller, ChannelFutureListener {
    /** How long the rest of a request may still come after its answer. */
    private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    private final Failover failover;
    private final Ticker ticker;
    private final Timers timers;
    private final CallReport report;
    private final FlushBatch flushes;
    private final Channel stream;
    private Exchange exchange;
    private boolean requestClosed;
    private boolean begun;
    private boolean ended;
    private boolean refused;

    GrpcStream(Failover failover, Ticker ticker, Timers timers, CallReport report, FlushBatch flushes, Channel stream) {
        this.failover = failover;
        this.ticker = ticker;
        this.timers = timers;
        this.report = report;
        this.flushes = flushes;
        this.stream = stream;
    }

    // from the caller

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2HeadersFrame received) {
            requestClosed = received.isEndStream();
            if (exchange == null && !ended) {
                start(received.headers());
            }
            if (requestClosed && exchange != null) {
                exchange.halfClose();
            }
        } else if (frame instanceof Http2DataFrame data) {
            requestClosed = data.isEndStream();
            send(data);
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame && exchange != null) {
            ended = true;
            exchange.cancel();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        if (exchange != null) {
            exchange.cancel();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.wantMore(stream.isWritable());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        // the caller broke the protocol on this stream, by another content-length than it has for example; closing it
        // cancels the call
        stream.writeAndFlush(new DefaultHttp2ResetFrame(
                failure instanceof Http2Exception broken ? broken.error() : Http2Error.INTERNAL_ERROR));
        ctx.close();
    }

    private void start(Http2Headers request) {
        CharSequence contentType = request.get(HttpHeaderNames.CONTENT_TYPE);
        if (!RequestHeaders.isPost(request)) {
            refuse(
                    405,
                    (request.method() == null ? "no :method" : ":method: " + request.method()) + " (expected: POST)");
            return;
        }
        if (!GrpcHeaders.isGrpc(contentType)) {
            refuse(
                    415,
                    (contentType == null ? "no content-type" : "content-type: " + contentType)
                            + " (expected: application/grpc)");
            return;
        }
        long deadline;
        try {
            RequestHeaders.makeWellFormed(request);
            CharSequence timeout = request.get(GrpcHeaders.TIMEOUT);
            deadline = timeout == null ? Call.NO_DEADLINE : deadline(GrpcTimeout.parse(timeout));
        } catch (RequestHeaders.MalformedException | IllegalArgumentException wrong) {
            onFailure(new Failure(Code.INVALID_ARGUMENT, wrong.getMessage()));
            return;
        }
        if (!request.contains(MiddlewareHeaders.CALL_ID)) {
            request.set(MiddlewareHeaders.CALL_ID, CallId.next());
        }
        exchange = failover.start(new Call(
                request.path().toString(),
                new NettyHeaders(request),
                deadline,
                request.contains(GrpcHeaders.IDEMPOTENCY_KEY),
                this,
                timers));
    }

    private long deadline(long timeoutNanos) {
        long now = ticker.nanos();
        return timeoutNanos > Long.MAX_VALUE / 2 ? Call.NO_DEADLINE : now + timeoutNanos;
    }

    private void send(Http2DataFrame data) {
        if (exchange == null || ended) {
            data.release();
        } else if (data.content().isReadable()) {
            exchange.send(new NettyChunk(data.content()), data.isEndStream());
        } else {
            data.release();
            if (data.isEndStream()) {
                exchange.halfClose();
            }
        }
        onWritabilityChanged();
    }

    // to the caller

    @Override
    public void onHeaders(Headers headers) {
        begun = true;
        Http2Headers answer = ((NettyHeaders) headers).http2();
        tell(answer);
        stream.write(new DefaultHttp2HeadersFrame(answer, false)).addListener(this);
        flushes.soon();
    }

    @Override
    public void onChunk(Chunk chunk) {
        stream.write(new DefaultHttp2DataFrame(((NettyChunk) chunk).bytes(), false));
        flushes.soon();
    }

    @Override
    public void onTrailers(Headers trailers) {
        Http2Headers last = ((NettyHeaders) trailers).http2();
        if (!begun) {
            tell(last);
        }
        if (trailers.code() == Code.UNAVAILABLE && !last.contains(GrpcHeaders.RETRY_PUSHBACK)) {
            forbidRepeats(last);
        }
        end(last);
    }

    @Override
    public void onFailure(Failure failure) {
        Http2Headers last;
        if (begun) {
            last = GrpcStatus.addTo(new DefaultHttp2Headers(false), failure.code(), report.message(failure));
        } else {
            last = GrpcStatus.trailersOnly(failure.code(), report.message(failure));
            tell(last);
        }
        forbidRepeats(last);
        end(last);
    }

    /** All that can be tried was tried here: a caller's own retry or hedge would only do it again. */
    private static void forbidRepeats(Http2Headers last) {
        last.set(GrpcHeaders.RETRY_PUSHBACK, "-1");
    }

    @Override
    public void onWritabilityChanged() {
        if (!ended && exchange != null) {
            boolean writable = exchange.writable();
            if (stream.config().isAutoRead() != writable) {
                stream.config().setAutoRead(writable);
            }
        }
    }

    private void end(Http2Headers last) {
        ended = true;
        stream.write(new DefaultHttp2HeadersFrame(last, true)).addListener(this);
        flushes.soon();
        if (!requestClosed) {
            dropTheRest();
        }
    }

    /** Headers or trailers were written, or never will be: the caller may take less than the server sent. */
    @Override
    public void operationComplete(ChannelFuture written) {
        if (written.cause() instanceof Http2Exception.HeaderListSizeException && !refused) {
            refused = true;
            String words = "the server has responded, but the metadata of its response is larger than you take "
                    + "(SETTINGS_MAX_HEADER_LIST_SIZE)";
            boolean sent = begun && ended;
            if (!ended) {
                exchange.cancel();
            }
            end(
                    sent
                            ? GrpcStatus.addTo(new DefaultHttp2Headers(false), Code.RESOURCE_EXHAUSTED, words)
                            : GrpcStatus.trailersOnly(Code.RESOURCE_EXHAUSTED, words));
        }
    }

    /**
     * The answer is complete without the rest of the request. What is under way of that is let come: to a reset stream it would be
     * answered with another reset, for which Nginx gives up the connection, and with it the next call on it.
     */
    private void dropTheRest() {
        stream.config().setAutoRead(true);
        timers.schedule(
                () -> {
                    if (!requestClosed && stream.isActive()) {
                        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
                    }
                },
                LINGER);
    }

    private void refuse(int status, String message) {
        Http2Headers refused = new DefaultHttp2Headers(false).status(Integer.toString(status));
        if (status == 405) {
            refused.set(HttpHeaderNames.ALLOW, "POST");
        }
        end(GrpcStatus.addTo(refused, Code.INTERNAL, message));
    }

    private void tell(Http2Headers answer) {
        report.addTo(exchange, answer::set);
    }
}
