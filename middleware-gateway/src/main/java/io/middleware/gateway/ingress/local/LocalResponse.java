package io.middleware.gateway.ingress.local;

import io.middleware.core.Caller;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;

/** The response of a call to its caller: headers with the first message, and an end. Confined to the call's thread. */
final class LocalResponse {
    private final Caller caller;
    private final Runnable onEnd;
    private boolean begun;
    private boolean ended;

    /** {@code onEnd}: called once when it ends, before the caller learns of it. */
    LocalResponse(Caller caller, Runnable onEnd) {
        this.caller = caller;
        this.onEnd = onEnd;
    }

    /** Returns whether it is complete, or nobody waits for it. */
    boolean ended() {
        return ended;
    }

    /** Sends a framed message. */
    void send(ByteBuf frame) {
        if (ended) {
            frame.release();
        } else {
            begin();
            caller.onChunk(new NettyChunk(frame));
        }
    }

    /** Ends it well. */
    void complete() {
        if (!ended) {
            begin();
            end();
            caller.onTrailers(new NettyHeaders(new DefaultHttp2Headers(false).set(GrpcHeaders.STATUS, "0")));
        }
    }

    /** Ends it with an error. */
    void fail(Failure failure) {
        if (!ended) {
            end();
            caller.onFailure(failure);
        }
    }

    /** Refuses the encoding of a request, before anything was sent. */
    void refuseEncoding(CharSequence encoding, String expected) {
        end();
        caller.onTrailers(new NettyHeaders(GrpcStatus.trailersOnly(
                        Code.UNIMPLEMENTED, "unknown grpc-encoding: " + encoding + " (expected: " + expected + ")")
                .set(GrpcHeaders.ACCEPT_ENCODING, expected)));
    }

    /** Ends it without a word: the caller is gone. */
    void abandon() {
        if (!ended) {
            end();
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            caller.onHeaders(new NettyHeaders(new DefaultHttp2Headers(false)
                    .status(HttpResponseStatus.OK.codeAsText())
                    .set(HttpHeaderNames.CONTENT_TYPE, GrpcHeaders.CONTENT_TYPE)));
        }
    }

    private void end() {
        ended = true;
        onEnd.run();
    }
}
