package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * The call behind a stream that is converted. What comes out may have to be converted once more, as gRPC-Web with
 * messages of JSON has.
 */
final class ConvertedCall implements GrpcCall {
    private final CallerConnection connection;
    private final StreamEnd stream;
    /** Null until the first headers, or a failure before them. */
    private @Nullable GrpcCall call;

    ConvertedCall(CallerConnection connection, StreamEnd stream) {
        this.connection = connection;
        this.stream = stream;
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        if (call == null) {
            call = ProtocolChoice.call(connection, headers, last, stream);
        }
        call.onHeaders(headers, last);
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        call().onData(data, last);
    }

    @Override
    public void onReset(Http2Error error) {
        call().onReset(error);
    }

    @Override
    public void onUnseen(Http2Error error) {
        call().onUnseen(error);
    }

    @Override
    public void onError(Throwable failure) {
        call().onError(failure);
    }

    @Override
    public void onWritabilityChanged() {
        call().onWritabilityChanged();
    }

    @Override
    public void onClosed() {
        call().onClosed();
    }

    @Override
    public void fail(CallFault fault) {
        call().fail(fault);
    }

    @Override
    public void pauseResponse(boolean paused) {
        call().pauseResponse(paused);
    }

    private GrpcCall call() {
        if (call == null) {
            call = new GrpcStream(connection, stream);
        }
        return call;
    }
}
