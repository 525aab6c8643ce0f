package io.middleware.gateway.ingress;

import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a caller that does not speak gRPC and its call, which does. Passes everything on, both ways, but for
 * what a protocol overrides. Confined to the stream's event loop.
 */
public abstract class ConvertedStream extends ForwardingStream implements GrpcCall {
    private @Nullable StreamEnd caller;
    private @Nullable GrpcCall call;
    private @Nullable FlushBatch flushes;

    /** Called once, before the first frame. */
    public final void begin(StreamEnd caller, GrpcCall call, FlushBatch flushes) {
        this.caller = caller;
        this.call = call;
        this.flushes = flushes;
    }

    @Override
    protected final StreamEnd caller() {
        return Objects.requireNonNull(caller, "it has begun");
    }

    protected final GrpcCall call() {
        return Objects.requireNonNull(call, "it has begun");
    }

    /** Returns what flushes the connection. */
    protected final FlushBatch flushes() {
        return Objects.requireNonNull(flushes, "it has begun");
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        call().onHeaders(headers, last);
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
}
