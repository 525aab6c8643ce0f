package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.transport.CallerEvents;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the frames of a caller's stream until everything that was read with them is decoded and {@link Admission} lets
 * the call start. A stream that is reset before then starts no call.
 */
final class StreamGate implements CallerEvents.Reader {
    private final CallerConnection connection;
    private @Nullable StreamEnd stream;
    /** Null until the gate is open, and the headers have passed it. */
    private @Nullable GrpcCall call;

    private boolean open;
    private boolean gone;

    StreamGate(CallerConnection connection) {
        this.connection = connection;
    }

    /** Returns whether the stream has ended before the gate was opened. */
    boolean gone() {
        return gone;
    }

    /** Passes on the frames that were held, and all later ones. */
    void open() {
        open = true;
        stream().pause(false);
    }

    @Override
    public void bind(StreamEnd opened) {
        stream = opened;
        opened.pause(true);
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        if (!open) {
            return;
        }
        if (call == null) {
            call = ProtocolChoice.call(connection, headers, last, stream());
        }
        call.onHeaders(headers, last);
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (call == null) {
            data.release();
        } else {
            call.onData(data, last);
        }
    }

    @Override
    public void onReset(Http2Error error) {
        if (call == null) {
            gone = true;
        } else {
            call.onReset(error);
        }
    }

    @Override
    public void onClosed() {
        if (call == null) {
            gone = true;
        } else {
            call.onClosed();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (call == null) {
            gone = true;
            connection.reset(stream(), failure);
        } else {
            call.onError(failure);
        }
    }

    @Override
    public void onWritabilityChanged() {
        if (call != null) {
            call.onWritabilityChanged();
        }
    }

    /** Never happens, as the gateway opens no streams to callers. */
    @Override
    public void onUnseen(Http2Error error) {}

    private StreamEnd stream() {
        return Objects.requireNonNull(stream, "bound before the first frame");
    }
}
