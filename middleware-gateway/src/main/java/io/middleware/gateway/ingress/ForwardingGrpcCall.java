package io.middleware.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/** Passes what it gets on to another call. */
public interface ForwardingGrpcCall extends GrpcCall {
    /** Returns the one that gets it. */
    GrpcCall call();

    @Override
    default void onHeaders(Http2Headers headers, boolean last) {
        call().onHeaders(headers, last);
    }

    @Override
    default void onData(ByteBuf data, boolean last) {
        call().onData(data, last);
    }

    @Override
    default void onReset(Http2Error error) {
        call().onReset(error);
    }

    @Override
    default void onUnseen(Http2Error error) {
        call().onUnseen(error);
    }

    @Override
    default void onError(Throwable failure) {
        call().onError(failure);
    }

    @Override
    default void onWritabilityChanged() {
        call().onWritabilityChanged();
    }

    @Override
    default void onClosed() {
        call().onClosed();
    }

    @Override
    default void fail(CallFault fault) {
        call().fail(fault);
    }

    @Override
    default void pauseResponse(boolean paused) {
        call().pauseResponse(paused);
    }
}
