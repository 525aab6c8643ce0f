package io.middleware.gateway.ingress.grpc;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.CallId;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.ingress.ConnectionPeer;
import io.middleware.gateway.ingress.Repeatability;
import io.middleware.gateway.ingress.RequestHeaders;
import io.middleware.gateway.ingress.ResponseFlow;
import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a call from its caller's stream, and starts it. {@link GrpcResponse} writes the response. */
final class GrpcStream extends ChannelInboundHandlerAdapter {
    private final CallHandler calls;
    private final Ticker ticker;
    private final Timers timers;
    private final Channel stream;
    private final GrpcResponse response;
    private final CallerProtocols protocols;
    /** Null until the call has started. */
    private @Nullable OngoingCall exchange;
    /** Null for no longer than {@link #exchange}. */
    private @Nullable RequestCount count;

    private boolean paused;

    GrpcStream(
            CallerProtocols protocols,
            CallHandler calls,
            Ticker ticker,
            Timers timers,
            CallReport report,
            FlushBatch flushes,
            Channel stream) {
        this.protocols = protocols;
        this.calls = calls;
        this.ticker = ticker;
        this.timers = timers;
        this.stream = stream;
        this.response = new GrpcResponse(timers, report, flushes, stream);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) throws Exception {
        if (frame instanceof Http2HeadersFrame received) {
            response.setRequestClosed(received.isEndStream());
            if (exchange == null && !response.isEnded()) {
                CharSequence contentType = received.headers().get(HttpHeaderNames.CONTENT_TYPE);
                if (!GrpcHeaders.isPlain(contentType) && ProtocolChoice.convert(protocols, ctx, received, response)) {
                    return;
                }
                response.setContentType(contentType);
                start(received.headers());
            }
            if (received.isEndStream() && exchange != null) {
                halfClose(exchange);
            }
        } else if (frame instanceof Http2DataFrame data) {
            response.setRequestClosed(data.isEndStream());
            send(data);
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame && exchange != null) {
            response.abandon();
            exchange.cancel();
        } else if (event instanceof CallFault fault) {
            fail(fault);
        } else if (event instanceof ResponseFlow flow) {
            paused = flow == ResponseFlow.PAUSED;
            channelWritabilityChanged(ctx);
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        response.abandon();
        if (exchange != null) {
            exchange.cancel();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.wantMore(stream.isWritable() && !paused);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        // the caller broke the protocol on this stream, for example by a wrong content-length; closing it cancels the
        // call
        stream.writeAndFlush(new DefaultHttp2ResetFrame(
                failure instanceof Http2Exception broken ? broken.error() : Http2Error.INTERNAL_ERROR));
        ctx.close();
    }

    private void fail(CallFault fault) {
        if (response.isEnded()) {
            return;
        }
        if (exchange != null) {
            exchange.cancel();
        }
        if (fault.httpStatus() == CallFault.OK) {
            response.onFailure(fault.failure());
        } else {
            response.refuse(fault.httpStatus(), fault.failure().message());
        }
    }

    private void start(Http2Headers request) {
        if (!RequestHeaders.isPost(request)) {
            response.refuseMethod(request);
            return;
        }
        long deadline;
        try {
            RequestHeaders.makeWellFormed(request);
            CharSequence timeout = request.get(GrpcHeaders.TIMEOUT);
            deadline = timeout == null ? Call.NO_DEADLINE : deadline(GrpcTimeout.parse(timeout));
        } catch (RequestHeaders.MalformedException | IllegalArgumentException wrong) {
            response.onFailure(new Failure(Code.INVALID_ARGUMENT, String.valueOf(wrong.getMessage())));
            return;
        }
        if (!request.contains(MiddlewareHeaders.CALL_ID)) {
            request.set(MiddlewareHeaders.CALL_ID, CallId.next());
        }
        String peer = ConnectionPeer.of(stream);
        if (peer == null) {
            request.remove(MiddlewareHeaders.CLIENT_CERTIFICATE);
        }
        request.remove(MiddlewareHeaders.CALLER);
        String path = request.path().toString();
        count = new RequestCount(protocols.shape(), path);
        Repeatability repeatability = Repeatability.take(request);
        exchange = calls.start(repeatability.addTo(
                new Call(path, new NettyHeaders(request), deadline, repeatability.keyed(), response, timers, peer)));
        response.bind(exchange);
    }

    private long deadline(long timeoutNanos) {
        long now = ticker.nanos();
        return timeoutNanos > Long.MAX_VALUE / 2 ? Call.NO_DEADLINE : now + timeoutNanos;
    }

    private void send(Http2DataFrame data) {
        if (exchange == null || response.isEnded()) {
            data.release();
        } else if (!data.content().isReadable()) {
            data.release();
            if (data.isEndStream()) {
                halfClose(exchange);
            }
        } else if (count().allows(data.content())) {
            exchange.send(new NettyChunk(data.content()), data.isEndStream());
        } else {
            data.release();
            fail(new CallFault(count().failure()));
        }
        response.onWritabilityChanged();
    }

    private void halfClose(OngoingCall call) {
        if (count().allowsEnd()) {
            call.halfClose();
        } else {
            fail(new CallFault(count().failure()));
        }
    }

    private RequestCount count() {
        return Objects.requireNonNull(count, "a call that has started is counted");
    }
}
