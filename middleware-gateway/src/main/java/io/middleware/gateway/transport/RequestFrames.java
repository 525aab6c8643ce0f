package io.middleware.gateway.transport;

import io.middleware.core.Chunk;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a request to a stream, and holds its chunks while the stream is not open. Flushes nothing. */
final class RequestFrames {
    /** Bytes that are held; the rest waits at the caller. */
    private static final int MOST_HELD = 64 << 10;

    private final Http2Headers headers;
    private final List<Chunk> held = new ArrayList<>(1);
    private long heldBytes;
    private boolean closed;
    /** Null until the stream is open. */
    private @Nullable StreamEnd output;

    RequestFrames(Http2Headers headers) {
        this.headers = headers;
    }

    boolean isOpen() {
        return output != null;
    }

    /** Returns whether the whole request was sent, or is held here. */
    boolean isClosed() {
        return closed;
    }

    boolean isWritable() {
        return output == null ? heldBytes < MOST_HELD : output.isWritable();
    }

    void send(Chunk chunk, boolean last) {
        closed = last;
        if (output != null) {
            write(output, chunk, last);
        } else {
            held.add(chunk);
            heldBytes += chunk.size();
        }
    }

    void halfClose() {
        closed = true;
        if (output != null) {
            output.data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /** Writes the headers; {@link #writeHeld} must follow. {@code whenWritten}: see {@link CodecStream#open}. */
    void open(CodecStream opened, ChannelFutureListener whenWritten) {
        output = opened;
        opened.open(headers, whenWritten);
    }

    /**
     * Writes the chunks that were held, and returns whether there were any. The end of a request is on a frame of data
     * even if it is empty (gRPC's PROTOCOL-HTTP2): servers may wait for that for ever.
     */
    boolean writeHeld() {
        for (int i = 0, last = held.size() - 1; i <= last; i++) {
            write(Objects.requireNonNull(output), held.get(i), closed && i == last);
        }
        boolean wasHeld = !held.isEmpty();
        if (closed && !wasHeld) {
            halfClose();
        }
        held.clear();
        return wasHeld;
    }

    void reset(Http2Error error) {
        if (output != null) {
            output.reset(error);
        }
    }

    /** Releases the chunks that are held: they are not needed any more. */
    void drop() {
        held.forEach(Chunk::release);
        held.clear();
    }

    private static void write(StreamEnd output, Chunk chunk, boolean last) {
        output.data(((NettyChunk) chunk).bytes(), last);
    }
}
