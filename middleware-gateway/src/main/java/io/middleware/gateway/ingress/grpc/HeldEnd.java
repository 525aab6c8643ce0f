package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.ForwardingGrpcCall;
import io.middleware.gateway.ingress.ForwardingStream;
import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets no response end before its request: all of it is written at once, only the end of the stream waits. Nginx closes
 * a caller's connection by HTTP/1.1 after a response that ended first, without a word, and the next call on it would be
 * lost. {@link GrpcResponse} bounds the wait, as it resets the stream then.
 */
final class HeldEnd extends ForwardingStream implements ForwardingGrpcCall {
    private final StreamEnd caller;
    private final FlushBatch flushes;
    private @Nullable GrpcCall call;
    private boolean requestEnded;
    private boolean held;

    HeldEnd(StreamEnd caller, FlushBatch flushes) {
        this.caller = caller;
        this.flushes = flushes;
    }

    /** {@code reader} gets the request. Called before its first frame. */
    void bind(GrpcCall reader) {
        call = reader;
    }

    @Override
    public GrpcCall call() {
        return Objects.requireNonNull(call, "bound before the first frame");
    }

    @Override
    protected StreamEnd caller() {
        return caller;
    }

    // the request

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        requestEnded |= last;
        call().onHeaders(headers, last);
        release();
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        requestEnded |= last;
        call().onData(data, last);
        release();
    }

    // the response

    @Override
    public void headers(Http2Headers headers, boolean last) {
        caller.headers(headers, ends(last));
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        caller.data(data, ends(last));
    }

    /** After a response that is complete, its end goes first. */
    @Override
    public void reset(Http2Error error) {
        requestEnded |= error == Http2Error.NO_ERROR;
        release();
        caller.reset(error);
    }

    private boolean ends(boolean last) {
        held |= last && !requestEnded;
        return last && requestEnded;
    }

    private void release() {
        if (held && requestEnded) {
            held = false;
            caller.data(Unpooled.EMPTY_BUFFER, true);
            flushes.soon();
        }
    }
}
