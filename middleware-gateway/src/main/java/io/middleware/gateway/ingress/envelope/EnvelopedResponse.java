package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Failure;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.ResponseFlow;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response of one call: its headers, its messages, then its end.
 * Confined to the stream's event loop.
 */
final class EnvelopedResponse implements OrderedPieces.Output {
    private final Dialect dialect;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable EnvelopedCall call;
    /** Null if messages pass unread. */
    private @Nullable ResponseMessages messages;

    private @Nullable Trailers trailers;
    private boolean awaited;
    private boolean begun;
    private boolean paused;
    /** Once a message has failed. */
    private boolean stopped;

    /** How the response ends, once its messages are written. */
    private record Trailers(Http2Headers headers, ChannelPromise promise) {}

    EnvelopedResponse(Dialect dialect) {
        this.dialect = dialect;
    }

    void bind(ChannelHandlerContext stream) {
        ctx = stream;
    }

    /** Called when the request has begun. */
    void await() {
        awaited = true;
    }

    boolean isAwaited() {
        return awaited;
    }

    /** Called when the call is known, before it starts. */
    void begin(EnvelopedCall started) {
        call = started;
        Translation translation = started.translation();
        messages = translation == null ? null : new ResponseMessages(started, translation, this);
    }

    void write(Http2HeadersFrame frame, ChannelPromise promise) {
        Http2Headers headers = frame.headers();
        if (!frame.isEndStream()) {
            writeLeading(dialect.leading(headers, encoding(headers)), promise);
            return;
        }
        trailers = new Trailers(headers, promise);
        if (messages == null || stopped) {
            writeEnd(trailers, null);
        } else {
            messages.end();
        }
    }

    private void writeLeading(Http2Headers headers, ChannelPromise promise) {
        begun = true;
        // they may be larger than the caller takes; then another end follows, which needs headers
        promise.addListener(written -> begun &= written.isSuccess());
        context().write(new DefaultHttp2HeadersFrame(headers, false), promise);
    }

    void write(Http2DataFrame frame, ChannelPromise promise) {
        if (messages == null) {
            context().write(frame, promise);
            return;
        }
        try {
            if (stopped) {
                return;
            }
            messages.read(frame.content());
            if (messages.isBusy() && !paused) {
                paused = true;
                context().fireUserEventTriggered(ResponseFlow.PAUSED);
            }
        } catch (Refusal wrong) {
            onFailure(wrong);
        } finally {
            frame.release();
            promise.trySuccess();
        }
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        context().write(new DefaultHttp2DataFrame(bytes, false));
    }

    @Override
    public void onEnd(ByteBuf bytes) {
        if (bytes.isReadable()) {
            onBytes(bytes);
        } else {
            bytes.release();
        }
        writeEnd(Objects.requireNonNull(trailers), null);
    }

    @Override
    public void onProgress() {
        context().flush();
        if (paused && (messages == null || !messages.isBusy())) {
            paused = false;
            context().fireUserEventTriggered(ResponseFlow.RESUMED);
        }
    }

    @Override
    public boolean isWritable() {
        return context().channel().isWritable();
    }

    /** Called when the stream takes more, or takes no more. */
    void onWritabilityChanged() {
        if (messages != null && isWritable()) {
            messages.resume();
        }
    }

    /** A response that cannot be translated ends with an error, whatever its own status. */
    @Override
    public void onFailure(Throwable reason) {
        stopped = true;
        if (messages != null) {
            messages.stop();
        }
        ConnectError error = EnvelopedCall.error(reason);
        if (trailers != null) {
            writeEnd(trailers, error);
            context().flush();
        } else {
            context().fireUserEventTriggered(new CallFault(new Failure(error.code(), error.message())));
        }
    }

    /** Called when the stream is over. */
    void close() {
        stopped = true;
        if (messages != null) {
            messages.close();
        }
    }

    /** {@code failure}: replaces the status; null for none. */
    private void writeEnd(Trailers end, @Nullable ConnectError failure) {
        dialect.writeEnd(context(), begun, end.headers(), failure, end.promise());
    }

    /** Returns how messages are compressed: by the server or, if they are translated, by the gateway. */
    private @Nullable CharSequence encoding(Http2Headers headers) {
        if (call == null || call.translation() == null) {
            return headers.get(GrpcHeaders.ENCODING);
        }
        return call.options().takesZipped() ? RequestOptions.GZIP : null;
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }
}
