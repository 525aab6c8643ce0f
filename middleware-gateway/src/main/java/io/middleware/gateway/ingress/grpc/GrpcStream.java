package io.middleware.gateway.ingress.grpc;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.CallId;
import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.ingress.Repeatability;
import io.middleware.gateway.ingress.RequestHeaders;
import io.middleware.gateway.transport.NettyChunk;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a call from its caller's stream, and starts it. {@link GrpcResponse} writes the response. */
final class GrpcStream implements GrpcCall {
    private final CallerConnection connection;
    private final StreamEnd stream;
    private final GrpcResponse response;
    /** Null until the call has started. */
    private @Nullable OngoingCall exchange;
    /** Null for no longer than {@link #exchange}. */
    private @Nullable RequestCount count;

    private boolean paused;

    GrpcStream(CallerConnection connection, StreamEnd stream) {
        this.connection = connection;
        this.stream = stream;
        this.response = new GrpcResponse(connection, stream);
    }

    /** Returns the response to a request that is not a call. {@code requestClosed}: whether the request has ended. */
    GrpcResponse response(boolean requestClosed) {
        response.setRequestClosed(requestClosed);
        return response;
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        response.setRequestClosed(last);
        if (exchange == null && !response.isEnded()) {
            response.setContentType(headers.get(HttpHeaderNames.CONTENT_TYPE));
            start(headers);
        }
        if (last && exchange != null) {
            halfClose(exchange);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        response.setRequestClosed(last);
        send(data, last);
    }

    @Override
    public void onReset(Http2Error error) {
        if (exchange != null) {
            response.abandon();
            exchange.cancel();
        }
    }

    @Override
    public void onClosed() {
        response.abandon();
        if (exchange != null) {
            exchange.cancel();
        }
    }

    @Override
    public void onWritabilityChanged() {
        if (exchange != null) {
            exchange.wantMore(stream.isWritable() && !paused);
        }
    }

    @Override
    public void pauseResponse(boolean pause) {
        paused = pause;
        onWritabilityChanged();
    }

    /** Resets the stream, and cancels the call: the caller broke the protocol. */
    @Override
    public void onError(Throwable failure) {
        connection.reset(stream, failure);
        onClosed();
    }

    /** Never happens, as the gateway opens no streams to callers. */
    @Override
    public void onUnseen(Http2Error error) {}

    @Override
    public void fail(CallFault fault) {
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
        String peer = connection.peer();
        if (peer == null) {
            request.remove(MiddlewareHeaders.CLIENT_CERTIFICATE);
        }
        request.remove(MiddlewareHeaders.CALLER);
        String path = request.path().toString();
        count = new RequestCount(connection.services().protocols().shape(), path);
        Repeatability repeatability = Repeatability.take(request);
        exchange = connection
                .services()
                .calls()
                .start(repeatability.addTo(new Call(
                        path,
                        new NettyHeaders(request),
                        deadline,
                        repeatability.keyed(),
                        response,
                        connection.timers(),
                        peer)));
        response.bind(exchange);
    }

    private long deadline(long timeoutNanos) {
        long now = connection.services().ticker().nanos();
        return timeoutNanos > Long.MAX_VALUE / 2 ? Call.NO_DEADLINE : now + timeoutNanos;
    }

    private void send(ByteBuf data, boolean last) {
        if (exchange == null || response.isEnded()) {
            data.release();
        } else if (!data.isReadable()) {
            data.release();
            if (last) {
                halfClose(exchange);
            }
        } else if (count().allows(data)) {
            exchange.send(new NettyChunk(data), last);
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
