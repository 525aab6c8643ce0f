package io.middleware.gateway.transport;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's stream to a server: sends the request, and ends the attempt once. {@link ServerFrames} reads the
 * response.
 */
final class ServerStream implements Transport.Stream, ResponseSink, ChannelFutureListener {
    private final Instance instance;
    private final Http2Headers headers;
    private final Transport.Listener listener;
    private final RequestFrames request;
    /** Null while the stream waits for a connection. */
    private @Nullable StreamCarrier carrier;

    private final ServerFrames frames = new ServerFrames(this);
    /** Null until the stream is open. */
    private @Nullable CodecStream stream;

    private boolean headersSent;
    private boolean ended;
    private boolean paused;

    ServerStream(Instance instance, Http2Headers headers, Transport.Listener listener) {
        this.instance = instance;
        this.headers = headers;
        this.listener = listener;
        this.request = new RequestFrames(headers);
    }

    // called by the core

    @Override
    public void send(Chunk chunk, boolean last) {
        if (ended) {
            chunk.release();
            return;
        }
        request.send(chunk, last);
        flushSoon();
    }

    @Override
    public void halfClose() {
        if (!ended && !request.isClosed()) {
            request.halfClose();
            flushSoon();
        }
    }

    @Override
    public boolean writable() {
        return request.isWritable();
    }

    @Override
    public void wantMore(boolean more) {
        paused = !more;
        if (stream != null && !ended) {
            stream.pause(paused);
        }
    }

    @Override
    public boolean unsent() {
        return stream == null && !ended;
    }

    @Override
    public int connectedAt() {
        return carrier == null ? Integer.MAX_VALUE : carrier.madeAt();
    }

    @Override
    public void cancel() {
        if (!ended) {
            end();
            reset(Http2Error.CANCEL);
        }
    }

    // called by the connection

    void bind(StreamCarrier to) {
        carrier = to;
    }

    StreamFrames frames() {
        return frames;
    }

    void opened(CodecStream opened) {
        stream = opened;
        opened.pause(paused);
        request.open(opened, this);
        if (request.writeHeld()) {
            // it may have been full while there was no connection
            listener.onWritabilityChanged();
        }
        carrier().flushSoon();
    }

    /** Called when the headers were written to the socket, or never will be. */
    @Override
    public void operationComplete(ChannelFuture written) {
        if (written.isSuccess()) {
            headersSent = true;
        } else if (!(written.cause() instanceof Http2Exception.HeaderListSizeException)) {
            fail(StreamErrors.NEVER_SENT);
        } else if (!ended) {
            refuseOversized();
        }
    }

    private void refuseOversized() {
        if (!OversizedMetadata.isOfUsualSize(headers)) {
            finishInsteadOfServer(OversizedMetadata.refusalOfCall(instance));
            return;
        }
        end();
        // the stream has begun here, and the server does not hear of one that has no headers
        reset(Http2Error.CANCEL);
        listener.onFailure(OversizedMetadata.refusedByInstance());
    }

    // called by the frames

    @Override
    public Transport.Listener listener() {
        return listener;
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public void finish(Http2Headers trailers) {
        end();
        if (!request.isClosed()) {
            reset(Http2Error.NO_ERROR);
        }
        listener.onTrailers(new NettyHeaders(trailers));
    }

    @Override
    public void finishInsteadOfServer(Http2Headers trailers) {
        end();
        reset(Http2Error.CANCEL);
        listener.onTrailers(new NettyHeaders(trailers));
    }

    @Override
    public void abort(Code code, String reason) {
        end();
        reset(Http2Error.CANCEL);
        listener.onFailure(Outcome.broken(code, reason));
    }

    @Override
    public void fail(Outcome outcome) {
        if (!ended) {
            end();
            listener.onFailure(outcome);
        }
    }

    @Override
    public void failOnceSent(Outcome inDoubt) {
        fail(headersSent ? inDoubt : StreamErrors.NEVER_SENT);
    }

    @Override
    public void connectionLost() {
        failOnceSent(carrier().loss());
    }

    @Override
    public void reset(Http2Error error) {
        request.reset(error);
        flushSoon();
    }

    private void flushSoon() {
        if (stream != null) {
            carrier().flushSoon();
        }
    }

    private StreamCarrier carrier() {
        return Objects.requireNonNull(carrier, "a stream that is open has a connection");
    }

    private void end() {
        ended = true;
        request.drop();
        if (stream != null) {
            stream.drop();
        }
        if (carrier != null) {
            carrier.attemptEnded();
        }
    }
}
