package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns one call with enveloped messages into a call by gRPC. Reads the request; {@link EnvelopedResponse} writes the
 * response. Confined to the stream's event loop.
 */
public final class EnvelopedStream extends ChannelDuplexHandler implements OrderedPieces.Output {
    private static final int UNSUPPORTED = 415;

    private final StreamServices services;
    private final Dialect dialect;
    private final @Nullable String refusal;
    private final EnvelopedResponse response;
    private @Nullable ChannelHandlerContext ctx;
    /** Null until the headers are read, and once nothing more of the request is wanted. */
    private @Nullable RequestMessages request;

    private boolean readWanted;

    /** {@code refusal}: why the content type is wrong; null if it is right. */
    public EnvelopedStream(StreamServices services, Dialect dialect, @Nullable String refusal) {
        this.services = services;
        this.dialect = dialect;
        this.refusal = refusal;
        this.response = new EnvelopedResponse(dialect);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        response.bind(added);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        close();
    }

    @Override
    public void channelRead(ChannelHandlerContext current, Object frame) {
        try {
            if (frame instanceof Http2HeadersFrame headers) {
                read(current, headers);
            } else if (frame instanceof Http2DataFrame data && request != null) {
                request.read(data.content(), data.isEndStream());
            }
        } catch (Refusal wrong) {
            closeRequest();
            fail(current, CallFault.OK, EnvelopedCall.error(wrong));
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void read(ChannelHandlerContext current, Http2HeadersFrame frame) {
        if (request != null) {
            request.read(Unpooled.EMPTY_BUFFER, frame.isEndStream());
        } else if (!response.isAwaited()) {
            begin(current, frame);
        }
    }

    private void begin(ChannelHandlerContext current, Http2HeadersFrame frame) {
        response.await();
        if (refusal != null) {
            fail(current, UNSUPPORTED, new ConnectError(Code.UNKNOWN, refusal));
            return;
        }
        Http2Headers headers = frame.headers();
        RequestOptions options = dialect.take(headers);
        CharSequence path = headers.path();
        Translation translation = dialect.json() ? services.methods().json(path == null ? "" : path.toString()) : null;
        EnvelopedCall call = EnvelopedCall.of(
                services, options, translation, current.channel().eventLoop());
        response.begin(call);
        request = new RequestMessages(call, this);
        current.fireChannelRead(new DefaultHttp2HeadersFrame(headers, false));
        if (frame.isEndStream() && request != null) {
            request.read(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void fail(ChannelHandlerContext current, int httpStatus, ConnectError error) {
        current.fireUserEventTriggered(new CallFault(httpStatus, new Failure(error.code(), error.message())));
    }

    /**
     * Reads nothing while messages wait, so that the caller's window bounds them. Once the server has not read what it
     * was sent, this is only called when it has.
     */
    @Override
    public void read(ChannelHandlerContext current) {
        if (request != null && isWritable()) {
            readWanted = false;
            request.resume();
        }
        if (request != null && request.isBusy()) {
            readWanted = true;
        } else {
            current.read();
        }
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        context().fireChannelRead(new DefaultHttp2DataFrame(bytes, false));
    }

    @Override
    public void onEnd(ByteBuf bytes) {
        context().fireChannelRead(new DefaultHttp2DataFrame(bytes, true));
    }

    @Override
    public void onFailure(Throwable reason) {
        closeRequest();
        fail(context(), CallFault.OK, EnvelopedCall.error(reason));
    }

    @Override
    public void onProgress() {
        if (readWanted && (request == null || !request.isBusy())) {
            readWanted = false;
            context().read();
        }
    }

    /** The stream is read as long as the server takes more, see {@link OngoingCall#writable()}. */
    @Override
    public boolean isWritable() {
        return context().channel().config().isAutoRead();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext current) {
        response.onWritabilityChanged();
        current.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext current, Object frame, ChannelPromise promise) {
        if (frame instanceof Http2HeadersFrame headers) {
            if (headers.isEndStream()) {
                closeRequest();
            }
            response.write(headers, promise);
        } else if (frame instanceof Http2DataFrame data) {
            response.write(data, promise);
        } else {
            current.write(frame, promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext current, Object event) {
        if (event instanceof Http2ResetFrame) {
            close();
        }
        current.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext current) {
        close();
        current.fireChannelInactive();
    }

    private void close() {
        closeRequest();
        response.close();
    }

    /** Drops the rest of the request, and lets it be read to its end. */
    private void closeRequest() {
        if (request != null) {
            request.close();
            request = null;
            onProgress();
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }
}
