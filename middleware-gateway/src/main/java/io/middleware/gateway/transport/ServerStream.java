package io.middleware.gateway.transport;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An attempt's stream to a server: what goes out on it, and its end. What comes back is {@link ServerFrames}'. */
final class ServerStream implements Transport.Stream, ChannelFutureListener {
    /** Bytes that are taken while the connection is being made; more waits at the caller. */
    private static final int MOST_WAITING = 64 << 10;
    /** What gRPC servers take at least, by default. */
    private static final int USUAL_HEADERS = 8 << 10;

    private final Instance instance;
    private final Http2Headers headers;
    private final Transport.Listener listener;
    private Connection connection;
    private Http2StreamChannel channel;
    private List<Chunk> waiting;
    private long waitingBytes;
    private boolean requestClosed;
    private boolean headersSent;
    private boolean ended;
    private boolean paused;

    ServerStream(Instance instance, Http2Headers headers, Transport.Listener listener) {
        this.instance = instance;
        this.headers = headers;
        this.listener = listener;
    }

    // what the core asks for

    @Override
    public void send(Chunk chunk, boolean last) {
        if (ended) {
            chunk.release();
            return;
        }
        requestClosed = last;
        if (channel != null) {
            write(chunk, last);
            connection.flushSoon();
        } else {
            if (waiting == null) {
                waiting = new ArrayList<>(1);
            }
            waiting.add(chunk);
            waitingBytes += chunk.size();
        }
    }

    @Override
    public void halfClose() {
        if (ended || requestClosed) {
            return;
        }
        requestClosed = true;
        if (channel != null) {
            channel.write(new DefaultHttp2DataFrame(true));
            connection.flushSoon();
        }
    }

    @Override
    public boolean writable() {
        return channel == null ? waitingBytes < MOST_WAITING : channel.isWritable();
    }

    @Override
    public void wantMore(boolean more) {
        paused = !more;
        if (channel != null) {
            channel.config().setAutoRead(more);
        }
    }

    @Override
    public boolean unsent() {
        return channel == null && !ended;
    }

    @Override
    public void cancel() {
        if (!ended) {
            end();
            reset(Http2Error.CANCEL);
        }
    }

    // what the connection says

    @Override
    public int connectedAt() {
        return connection == null ? Integer.MAX_VALUE : connection.madeAt();
    }

    void bind(Connection to) {
        connection = to;
    }

    void opened(Http2StreamChannel opened) {
        if (ended) {
            opened.close();
            return;
        }
        channel = opened;
        channel.pipeline().addLast(new ServerFrames(this));
        channel.config().setAutoRead(!paused);
        channel.write(new DefaultHttp2HeadersFrame(headers, requestClosed && waiting == null))
                .addListener(this);
        if (waiting != null) {
            for (int i = 0, last = waiting.size() - 1; i <= last; i++) {
                write(waiting.get(i), requestClosed && i == last);
            }
            waiting = null;
            // it was full, perhaps, while there was no connection
            listener.onWritabilityChanged();
        }
        connection.flushSoon();
    }

    /** The headers were written to the socket, or never will be. */
    @Override
    public void operationComplete(ChannelFuture written) {
        if (written.isSuccess()) {
            headersSent = true;
        } else if (written.cause() instanceof Http2Exception.HeaderListSizeException) {
            tooLarge();
        } else {
            fail(neverSent());
        }
    }

    /**
     * Metadata of a usual size is what an instance has to take: others are tried, and it speaks against this one. Larger metadata
     * is the caller's doing: no other is tried for it, and this one is well.
     */
    private void tooLarge() {
        if (ended) {
            return;
        }
        if (size(headers) <= USUAL_HEADERS) {
            fail(new Outcome(
                    Outcome.Kind.UNSENT,
                    Code.UNAVAILABLE,
                    "it does not take metadata of a usual size (SETTINGS_MAX_HEADER_LIST_SIZE)",
                    Outcome.Evidence.BAD));
        } else {
            answeredOtherwise(GrpcStatus.trailersOnly(
                    Code.INVALID_ARGUMENT,
                    "the call's metadata is larger than " + instance + " takes (SETTINGS_MAX_HEADER_LIST_SIZE)"));
        }
    }

    /** By HTTP/2's counting (RFC 9113, 10.5.1). */
    private static long size(Http2Headers headers) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            size += header.getKey().length() + header.getValue().length() + 32;
        }
        return size;
    }

    /** The connection is gone. */
    void connectionLost() {
        lost(connection.loss());
    }

    /** The connection or the stream is gone, and the server has not said how the call ended. */
    void lost(Outcome inDoubt) {
        fail(headersSent ? inDoubt : neverSent());
    }

    /** The end without the server's word. Harmless when it has ended. */
    void fail(Outcome outcome) {
        if (!ended) {
            end();
            listener.onFailure(outcome);
        }
    }

    // what the frames say

    Instance instance() {
        return instance;
    }

    Transport.Listener listener() {
        return listener;
    }

    boolean ended() {
        return ended;
    }

    /** The server's word on how the call ended. If it did not wait for the whole request, it gets no more of it. */
    void answered(Http2Headers trailers) {
        end();
        if (!requestClosed) {
            reset(Http2Error.NO_ERROR);
        }
        listener.onTrailers(new NettyHeaders(trailers));
    }

    /** What came is none of gRPC's, and the rest of it is not wanted. */
    void broken(Code code, String reason) {
        end();
        reset(Http2Error.CANCEL);
        listener.onFailure(Outcome.broken(code, reason));
    }

    /** An answer that is not gRPC's: {@code trailers} say what gRPC makes of it, and the rest of it is not wanted. */
    void answeredOtherwise(Http2Headers trailers) {
        end();
        reset(Http2Error.CANCEL);
        listener.onTrailers(new NettyHeaders(trailers));
    }

    private static Outcome neverSent() {
        return Outcome.unsent("the connection closed before the call was sent");
    }

    private void write(Chunk chunk, boolean last) {
        channel.write(new DefaultHttp2DataFrame(((NettyChunk) chunk).bytes(), last));
    }

    private void reset(Http2Error error) {
        if (channel != null) {
            channel.write(new DefaultHttp2ResetFrame(error));
            connection.flushSoon();
        }
    }

    private void end() {
        ended = true;
        if (waiting != null) {
            waiting.forEach(Chunk::release);
            waiting = null;
        }
        if (paused && channel != null) {
            // nobody reads what is left, and unread it would keep the stream
            channel.config().setAutoRead(true);
        }
        if (connection != null) {
            connection.attemptEnded();
        }
    }
}
