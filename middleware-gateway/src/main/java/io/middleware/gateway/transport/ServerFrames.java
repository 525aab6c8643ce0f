package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * What comes back on an attempt's stream. Its end without the server's word is {@code unsent} in just these cases: no
 * connection, no stream on it, the headers never left, the server reset it as refused, or said GOAWAY with a lower last stream.
 * In all others it is in doubt.
 */
final class ServerFrames extends ChannelInboundHandlerAdapter {
    private final ServerStream stream;
    private boolean begun;

    ServerFrames(ServerStream stream) {
        this.stream = stream;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (stream.ended()) {
            ReferenceCountUtil.release(frame);
        } else if (frame instanceof Http2HeadersFrame received) {
            headers(received.headers(), received.isEndStream());
        } else if (frame instanceof Http2DataFrame data) {
            data(data);
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            reset(Http2Error.valueOf(reset.errorCode()));
        } else if (event instanceof Http2GoAwayFrame) {
            // only streams that the server has not looked at are told
            stream.fail(Outcome.unsent("the server is closing the connection"));
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stream.lost(Outcome.broken(Code.UNAVAILABLE, "the connection was lost"));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!stream.ended()) {
            stream.listener().writabilityChanged();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        stream.lost(Outcome.broken(Code.UNAVAILABLE, "the stream broke: " + failure.getMessage()));
        ctx.close();
    }

    private void headers(Http2Headers headers, boolean last) {
        CharSequence status = headers.status();
        if (last) {
            stream.answered(headers);
        } else if (begun || status != null && status.charAt(0) == '1') {
            return; // an informational response
        } else if (status == null || !HttpResponseStatus.OK.codeAsText().contentEquals(status)) {
            Code code = new NettyHeaders(headers).code();
            stream.answeredOtherwise(GrpcHeaders.trailersOnly(code, "HTTP status " + status + " from " + stream.instance()));
        } else {
            begun = true;
            stream.listener().headers(new NettyHeaders(headers));
        }
    }

    private void data(Http2DataFrame data) {
        boolean last = data.isEndStream();
        if (data.content().isReadable()) {
            stream.listener().chunk(new NettyChunk(data.content()));
        } else {
            data.release();
        }
        if (last && !stream.ended()) {
            stream.answered(GrpcHeaders.status(new DefaultHttp2Headers(false), Code.UNKNOWN,
                    stream.instance() + " ended its answer without a status"));
        }
    }

    /**
     * The mapping of reset codes that gRPC prescribes; but for CANCEL, which is the caller's to say: a server that says it of its
     * own accord is being shut down.
     */
    private void reset(Http2Error error) {
        switch (error) {
            // follows an answer that is complete but may not have been read to its end yet
            case NO_ERROR -> { }
            case REFUSED_STREAM -> stream.fail(Outcome.unsent("the server refused the stream"));
            case CANCEL -> stream.fail(Outcome.broken(Code.UNAVAILABLE, "the server cancelled the stream"));
            case ENHANCE_YOUR_CALM -> stream.fail(broken(Code.RESOURCE_EXHAUSTED, error));
            case INADEQUATE_SECURITY -> stream.fail(broken(Code.PERMISSION_DENIED, error));
            case null, default -> stream.fail(broken(Code.INTERNAL, error));
        }
    }

    private static Outcome broken(Code code, Http2Error error) {
        return Outcome.broken(code, "the server reset the stream: " + error);
    }
}
