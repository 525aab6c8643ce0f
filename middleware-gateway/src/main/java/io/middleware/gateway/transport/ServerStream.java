package io.middleware.gateway.transport;

import java.util.ArrayList;
import java.util.List;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Instance;
import io.middleware.core.Outcome;
import io.middleware.core.Transport;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * An attempt's stream to a server. Its end without the server's word is {@code unsent} in just these cases: no connection, no
 * stream on it, the headers never left, the server reset it as refused, or it said GOAWAY with a lower last stream; and in doubt
 * in all others.
 */
final class ServerStream extends ChannelInboundHandlerAdapter implements Transport.Stream, ChannelFutureListener {
    /** Bytes that are taken while the connection is being made; more waits at the caller. */
    private static final int MOST_WAITING = 64 << 10;

    private final Instance instance;
    private final Http2Headers headers;
    private final Transport.Listener listener;
    private Connection connection;
    private Http2StreamChannel channel;
    private List<Chunk> waiting;
    private long waitingBytes;
    private boolean requestClosed;
    private boolean headersSent;
    private boolean answerBegun;
    private boolean ended;
    private boolean paused;

    ServerStream(Instance instance, Http2Headers headers, Transport.Listener listener) {
        this.instance = instance;
        this.headers = headers;
        this.listener = listener;
    }

    void bind(Connection to) {
        connection = to;
    }

    void opened(Http2StreamChannel opened) {
        channel = opened;
        if (ended) {
            channel.close();
            return;
        }
        channel.pipeline().addLast(this);
        channel.config().setAutoRead(!paused);
        channel.write(new DefaultHttp2HeadersFrame(headers, requestClosed && waiting == null)).addListener(this);
        if (waiting != null) {
            for (int i = 0, last = waiting.size() - 1; i <= last; i++) {
                write(waiting.get(i), requestClosed && i == last);
            }
            waiting = null;
        }
        connection.flushSoon();
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
    public void cancel() {
        if (!ended) {
            end();
            if (channel != null) {
                reset(Http2Error.CANCEL);
            }
        }
    }

    // what comes back

    /** The headers were written to the socket, or never will be. */
    @Override
    public void operationComplete(ChannelFuture written) {
        if (written.isSuccess()) {
            headersSent = true;
        } else {
            fail(Outcome.unsent("the connection closed before the call was sent"));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (ended) {
            ReferenceCountUtil.release(frame);
        } else if (frame instanceof Http2HeadersFrame received) {
            headers(received);
        } else if (frame instanceof Http2DataFrame data) {
            data(data);
        } else if (frame instanceof Http2ResetFrame reset) {
            reset(reset);
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            reset(reset);
        } else if (event instanceof Http2GoAwayFrame) {
            // only streams that the server has not looked at are told
            fail(Outcome.unsent("the server is closing the connection"));
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(headersSent ? Outcome.broken(Code.UNAVAILABLE, "the connection was lost")
                : Outcome.unsent("the connection closed before the call was sent"));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!ended) {
            listener.writabilityChanged();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        fail(Outcome.broken(Code.UNAVAILABLE, "the stream broke: " + failure.getMessage()));
        ctx.close();
    }

    /** The end without the server's word. Harmless when it has ended. */
    void fail(Outcome outcome) {
        if (!ended) {
            end();
            listener.failed(outcome);
        }
    }

    private void headers(Http2HeadersFrame received) {
        Http2Headers fields = received.headers();
        CharSequence status = fields.status();
        if (received.isEndStream()) {
            endWithAnswer();
            listener.trailers(new NettyHeaders(fields));
        } else if (answerBegun || status != null && status.charAt(0) == '1') {
            return; // an informational response
        } else if (status == null || !HttpResponseStatus.OK.codeAsText().contentEquals(status)) {
            // not a gRPC server's answer: what gRPC makes of it ends the call, its page of text does not matter
            NettyHeaders answer = new NettyHeaders(fields);
            Code code = answer.code();
            end();
            reset(Http2Error.CANCEL);
            listener.trailers(new NettyHeaders(status(code, "HTTP status " + status + " from " + instance)));
        } else {
            answerBegun = true;
            listener.headers(new NettyHeaders(fields));
        }
    }

    private void data(Http2DataFrame data) {
        boolean last = data.isEndStream();
        if (data.content().isReadable()) {
            listener.chunk(new NettyChunk(data.content()));
        } else {
            data.release();
        }
        if (last && !ended) {
            endWithAnswer();
            listener.trailers(new NettyHeaders(
                    new DefaultHttp2Headers(false)
                            .set(GrpcHeaders.STATUS, Integer.toString(Code.UNKNOWN.ordinal()))
                            .set(GrpcHeaders.MESSAGE, instance + " ended its answer without a status")));
        }
    }

    /**
     * The mapping of reset codes that gRPC prescribes; but for CANCEL, which is the caller's to say: a server that says it of its
     * own accord is being shut down.
     */
    private void reset(Http2ResetFrame reset) {
        Http2Error error = Http2Error.valueOf(reset.errorCode());
        if (error == Http2Error.REFUSED_STREAM) {
            fail(Outcome.unsent("the server refused the stream"));
        } else if (error == Http2Error.CANCEL) {
            fail(Outcome.broken(Code.UNAVAILABLE, "the server cancelled the stream"));
        } else if (error == Http2Error.ENHANCE_YOUR_CALM) {
            fail(Outcome.broken(Code.RESOURCE_EXHAUSTED, "the server reset the stream: ENHANCE_YOUR_CALM"));
        } else if (error == Http2Error.INADEQUATE_SECURITY) {
            fail(Outcome.broken(Code.PERMISSION_DENIED, "the server reset the stream: INADEQUATE_SECURITY"));
        } else if (error != Http2Error.NO_ERROR) {
            fail(Outcome.broken(Code.INTERNAL, "the server reset the stream: " + error));
        }
        // NO_ERROR follows an answer that is complete but may not have been read to its end yet
    }

    private static Http2Headers status(Code code, String message) {
        return new DefaultHttp2Headers(false).status("200")
                .set("content-type", "application/grpc")
                .set(GrpcHeaders.STATUS, Integer.toString(code.ordinal()))
                .set(GrpcHeaders.MESSAGE, message);
    }

    private void write(Chunk chunk, boolean last) {
        channel.write(new DefaultHttp2DataFrame(((NettyChunk) chunk).bytes(), last));
    }

    private void reset(Http2Error error) {
        channel.write(new DefaultHttp2ResetFrame(error));
        connection.flushSoon();
    }

    /** The answer is complete. A server that did not wait for the whole request gets no more of it. */
    private void endWithAnswer() {
        end();
        if (!requestClosed) {
            reset(Http2Error.NO_ERROR);
        }
    }

    private void end() {
        ended = true;
        if (waiting != null) {
            waiting.forEach(Chunk::release);
            waiting = null;
        }
        connection.streamEnded();
    }
}
