package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/** Gets the frames and the events of one stream, on the event loop of its connection. */
public interface StreamFrames {
    void onHeaders(Http2Headers headers, boolean last);

    /** {@code data}: the method releases them. */
    void onData(ByteBuf data, boolean last);

    /** Called when the peer resets the stream, maybe before frames that are held are handed on. */
    void onReset(Http2Error error);

    /** Called when the peer closes the connection, and has not seen this stream. */
    void onUnseen(Http2Error error);

    /**
     * Called when a frame of the peer's was malformed (an {@link Http2Exception.StreamException}), or handling one
     * failed; the stream is open as before.
     */
    void onError(Throwable failure);

    /** Called when {@link StreamEnd#isWritable} has changed. */
    void onWritabilityChanged();

    /** Called when the stream has ended, by its last frames, a reset, or with its connection, after all its frames. */
    void onClosed();
}
