package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Our end of a stream. Frames are written in their order, and flushed by someone else; a {@link StreamFrames} gets
 * those of the peer. Confined to the stream's event loop.
 */
public interface StreamEnd {
    /** Writes headers or trailers. */
    void headers(Http2Headers headers, boolean last);

    /** Writes data, and releases them; they wait here while the peer reads nothing. */
    void data(ByteBuf data, boolean last);

    /** Resets the stream, unless it is gone already. */
    void reset(Http2Error error);

    /** Returns whether little of the data waits; {@link StreamFrames#onWritabilityChanged} tells of each change. */
    boolean isWritable();

    /** Returns whether nothing that was written waits for the peer to read. */
    boolean isDrained();

    /** Holds the peer's frames that come from now on, or hands on those that are held. */
    void pause(boolean pause);
}
