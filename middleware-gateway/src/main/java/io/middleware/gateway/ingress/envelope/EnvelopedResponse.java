package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Failure;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response of one call: its headers, its messages, then its end.
 * Confined to the stream's event loop.
 */
final class EnvelopedResponse implements OrderedPieces.Output {
    private final Dialect dialect;
    private @Nullable StreamEnd caller;
    private @Nullable GrpcCall grpc;
    private @Nullable FlushBatch flushes;
    private @Nullable EnvelopedCall call;
    /** Null if messages pass unread. */
    private @Nullable ResponseMessages messages;

    private @Nullable Http2Headers trailers;
    private boolean awaited;
    private boolean begun;
    private boolean paused;
    /** Once a message has failed. */
    private boolean stopped;

    private boolean ended;

    EnvelopedResponse(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Called when the request has begun. {@code grpc}: the call that responds; {@code caller} gets the response. */
    void await(StreamEnd caller, GrpcCall grpc, FlushBatch flushes) {
        this.caller = caller;
        this.grpc = grpc;
        this.flushes = flushes;
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

    void write(Http2Headers headers, boolean last) {
        if (!last) {
            begun = true;
            caller().headers(dialect.leading(headers, encoding(headers)), false);
            return;
        }
        trailers = headers;
        if (messages == null || stopped) {
            writeEnd(headers, null);
        } else {
            messages.end();
        }
    }

    void write(ByteBuf data) {
        if (messages == null) {
            caller().data(data, false);
            return;
        }
        try {
            if (stopped) {
                return;
            }
            messages.read(data);
            if (messages.isBusy() && !paused) {
                paused = true;
                call().pauseResponse(true);
            }
        } catch (Refusal wrong) {
            onFailure(wrong);
        } finally {
            data.release();
        }
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        caller().data(bytes, false);
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
        flush();
        if (paused && (messages == null || !messages.isBusy())) {
            paused = false;
            call().pauseResponse(false);
        }
    }

    @Override
    public boolean isWritable() {
        return caller().isWritable();
    }

    /** Returns whether the end is written. */
    boolean isEnded() {
        return ended;
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
            flush();
        } else {
            call().fail(new CallFault(new Failure(error.code(), error.message())));
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
    private void writeEnd(Http2Headers end, @Nullable ConnectError failure) {
        ended = true;
        dialect.writeEnd(caller(), begun, end, failure);
    }

    /** Returns how messages are compressed: by the server or, if they are translated, by the gateway. */
    private @Nullable CharSequence encoding(Http2Headers headers) {
        if (call == null || call.translation() == null) {
            return headers.get(GrpcHeaders.ENCODING);
        }
        return call.options().takesZipped() ? RequestOptions.GZIP : null;
    }

    private void flush() {
        Objects.requireNonNull(flushes, "the request has begun").soon();
    }

    private StreamEnd caller() {
        return Objects.requireNonNull(caller, "the request has begun");
    }

    private GrpcCall call() {
        return Objects.requireNonNull(grpc, "the request has begun");
    }
}
