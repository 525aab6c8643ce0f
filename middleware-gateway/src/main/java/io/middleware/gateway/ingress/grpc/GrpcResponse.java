package io.middleware.gateway.ingress.grpc;

import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.transport.NettyChunk;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes the response of a call to its caller's stream. Confined to the stream's event loop. */
final class GrpcResponse implements Caller {
    /** How long the rest of a request may still arrive after the response. */
    private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    private final CallerConnection connection;
    private final StreamEnd stream;
    /** Null until the call has started. */
    private @Nullable OngoingCall exchange;

    /** The caller's own, as some libraries refuse an error in another message format than theirs. */
    private CharSequence contentType = GrpcHeaders.CONTENT_TYPE;

    private boolean requestPaused;
    private boolean requestClosed;
    private boolean begun;
    private boolean ended;
    private boolean gone;

    GrpcResponse(CallerConnection connection, StreamEnd stream) {
        this.connection = connection;
        this.stream = stream;
    }

    void setContentType(CharSequence type) {
        contentType = type;
    }

    /** {@code started}: null if there is no such method. */
    void bind(@Nullable OngoingCall started) {
        exchange = started;
    }

    /** Sets whether the whole request has arrived. */
    void setRequestClosed(boolean closed) {
        requestClosed = closed;
    }

    /** Returns whether the response is complete, or nobody waits for it. */
    boolean isEnded() {
        return ended;
    }

    /** Writes nothing more: the caller's stream is gone. */
    void abandon() {
        ended = true;
        gone = true;
    }

    /** Ends a request that is not a call, with an HTTP status. */
    void refuse(int status, String message) {
        Http2Headers refusal = new DefaultHttp2Headers(false).status(Integer.toString(status));
        if (status == 405) {
            refusal.set(HttpHeaderNames.ALLOW, "POST");
        }
        addReport(refusal);
        end(GrpcStatus.addTo(refusal, Code.INTERNAL, message));
    }

    /** Ends a request of another method than POST. */
    void refuseMethod(Http2Headers request) {
        refuse(405, (request.method() == null ? "no :method" : ":method: " + request.method()) + " (expected: POST)");
    }

    @Override
    public void onHeaders(Headers headers) {
        begun = true;
        Http2Headers leading = ((NettyHeaders) headers).http2();
        addReport(leading);
        stream.headers(leading, false);
        connection.flushes().soon();
    }

    @Override
    public void onChunk(Chunk chunk) {
        stream.data(((NettyChunk) chunk).bytes(), false);
        connection.flushes().soon();
    }

    @Override
    public void onTrailers(Headers trailers) {
        Http2Headers last = ((NettyHeaders) trailers).http2();
        if (!begun) {
            addReport(last);
            if (GrpcHeaders.CONTENT_TYPE.equals(last.get(HttpHeaderNames.CONTENT_TYPE))) {
                last.set(HttpHeaderNames.CONTENT_TYPE, contentType);
            }
        }
        if (trailers.code() == Code.UNAVAILABLE && !last.contains(GrpcHeaders.RETRY_PUSHBACK)) {
            forbidRetries(last);
        }
        end(last);
    }

    @Override
    public void onFailure(Failure failure) {
        Http2Headers last = begun
                ? GrpcStatus.addTo(new DefaultHttp2Headers(false), failure.code(), report().message(failure))
                : GrpcStatus.trailersOnly(failure.code(), report().message(failure))
                        .set(HttpHeaderNames.CONTENT_TYPE, contentType);
        if (!begun) {
            addReport(last);
        }
        failure.headers().forEach(header -> last.set(header.name(), header.value()));
        forbidRetries(last);
        end(last);
    }

    /** Tells the caller's library not to retry or hedge: this gateway has already tried everything. */
    private static void forbidRetries(Http2Headers last) {
        last.set(GrpcHeaders.RETRY_PUSHBACK, "-1");
    }

    @Override
    public void onWritabilityChanged() {
        if (!ended && exchange != null) {
            pauseRequest(!exchange.writable());
        }
    }

    /** Ends the response with these headers, which are its only ones or its trailers. */
    void end(Http2Headers last) {
        ended = true;
        stream.headers(last, true);
        connection.flushes().soon();
        if (!requestClosed) {
            dropRestOfRequest();
        }
    }

    /**
     * Reads and drops the rest of the request, and resets the stream only if that takes long. Frames on a stream that
     * is already reset get another reset, on which Nginx gives up the connection and the next call on it. What a caller
     * has still to read of the response would be lost by a reset, too.
     */
    private void dropRestOfRequest() {
        pauseRequest(false);
        connection.timers().schedule(this::endRequest, LINGER);
    }

    private void endRequest() {
        if (requestClosed || gone) {
            return;
        }
        if (stream.isDrained()) {
            stream.reset(Http2Error.NO_ERROR);
            connection.flushes().soon();
        } else {
            connection.timers().schedule(this::endRequest, LINGER);
        }
    }

    private void pauseRequest(boolean pause) {
        if (requestPaused != pause) {
            requestPaused = pause;
            stream.pause(pause);
        }
    }

    private CallReport report() {
        return connection.services().report();
    }

    private void addReport(Http2Headers response) {
        report().addTo(exchange, response::set);
    }
}
