package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.ConvertedStream;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * Turns one call with enveloped messages into a call by gRPC. Reads the request; {@link EnvelopedResponse} writes the
 * response. Confined to the stream's event loop.
 */
public final class EnvelopedStream extends ConvertedStream {
    private static final int UNSUPPORTED = 415;

    private final StreamServices services;
    private final Dialect dialect;
    private final @Nullable String refusal;
    private final EnvelopedResponse response;
    /** Null until the headers are read, and once nothing more of the request is wanted. */
    private @Nullable RequestMessages request;
    /** The server takes no more of the request. */
    private boolean full;

    /** {@code refusal}: why the content type is wrong; null if it is right. */
    public EnvelopedStream(StreamServices services, Dialect dialect, @Nullable String refusal) {
        this.services = services;
        this.dialect = dialect;
        this.refusal = refusal;
        this.response = new EnvelopedResponse(dialect);
    }

    // the request

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        try {
            if (request != null) {
                read(request, Unpooled.EMPTY_BUFFER, last);
            } else if (!response.isAwaited()) {
                begin(headers, last);
            }
        } catch (Refusal wrong) {
            refuse(EnvelopedCall.error(wrong));
        }
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        try {
            if (request != null) {
                read(request, data, last);
            }
        } catch (Refusal wrong) {
            refuse(EnvelopedCall.error(wrong));
        } finally {
            data.release();
        }
    }

    private void begin(Http2Headers headers, boolean last) {
        response.await(caller(), call(), flushes());
        if (refusal != null) {
            fail(UNSUPPORTED, new ConnectError(Code.UNKNOWN, refusal));
            return;
        }
        RequestOptions options = dialect.take(headers);
        CharSequence path = headers.path();
        Translation translation = dialect.json() ? services.methods().json(path == null ? "" : path.toString()) : null;
        EnvelopedCall call =
                EnvelopedCall.of(services, options, translation, flushes().loop());
        response.begin(call);
        request = new RequestMessages(call, new Messages());
        call().onHeaders(headers, false);
        if (last && request != null) {
            read(request, Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void read(RequestMessages messages, ByteBuf data, boolean last) {
        messages.read(data, last);
        pauseWhileBusy();
    }

    private void refuse(ConnectError error) {
        closeRequest();
        fail(CallFault.OK, error);
    }

    private void fail(int httpStatus, ConnectError error) {
        call().fail(new CallFault(httpStatus, new Failure(error.code(), error.message())));
    }

    /** Reads as long as the server takes more, see {@link OngoingCall#writable()}. */
    @Override
    public void pause(boolean pause) {
        full = pause;
        if (!full && request != null) {
            request.resume();
        }
        pauseWhileBusy();
    }

    /** Reads nothing while messages wait, so that the caller's window bounds them. */
    private void pauseWhileBusy() {
        caller().pause(full || request != null && request.isBusy());
    }

    /** Gets the messages of the request, in gRPC's envelopes. */
    private final class Messages implements OrderedPieces.Output {
        @Override
        public void onBytes(ByteBuf bytes) {
            call().onData(bytes, false);
        }

        @Override
        public void onEnd(ByteBuf bytes) {
            call().onData(bytes, true);
        }

        @Override
        public void onFailure(Throwable reason) {
            refuse(EnvelopedCall.error(reason));
        }

        @Override
        public void onProgress() {
            pauseWhileBusy();
        }

        @Override
        public boolean isWritable() {
            return !full;
        }
    }

    // the response

    @Override
    public void headers(Http2Headers headers, boolean last) {
        if (last) {
            closeRequest();
        }
        response.write(headers, last);
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        response.write(data);
    }

    @Override
    public boolean isDrained() {
        return response.isEnded() && caller().isDrained();
    }

    @Override
    public void onWritabilityChanged() {
        response.onWritabilityChanged();
        call().onWritabilityChanged();
    }

    // the end

    @Override
    public void onReset(Http2Error error) {
        close();
        call().onReset(error);
    }

    @Override
    public void onClosed() {
        close();
        call().onClosed();
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
            pauseWhileBusy();
        }
    }
}
