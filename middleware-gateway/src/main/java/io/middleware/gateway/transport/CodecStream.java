package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of a {@link StreamCodec}. Hands the peer's frames on, or holds them while their reader wants none, at most until
 * the stream ends. Data that are held count against the peer's window, which bounds them. Confined to the event loop of
 * the connection.
 */
public final class CodecStream implements StreamEnd {
    private static final Logger log = LoggerFactory.getLogger(CodecStream.class);

    private final StreamFrames reader;
    private final EncoderOutput output;
    /** Null until a frame had to be held. */
    private @Nullable Queue<Held> held;

    private boolean paused;
    private boolean closed;
    private boolean handing;

    /** Either headers or data. */
    private record Held(
            @Nullable Http2Headers headers, @Nullable ByteBuf data, boolean last) {}

    CodecStream(StreamFrames reader, EncoderOutput output) {
        this.reader = reader;
        this.output = output;
    }

    /** Writes the headers of a request; {@code whenWritten} hears when they are at the socket, or never will be. */
    void open(Http2Headers headers, ChannelFutureListener whenWritten) {
        output.headers(headers, false).addListener(whenWritten);
    }

    @Override
    public void headers(Http2Headers headers, boolean last) {
        output.headers(headers, last);
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        output.data(data, last);
    }

    @Override
    public void reset(Http2Error error) {
        output.reset(error);
    }

    @Override
    public boolean isWritable() {
        return output.isWritable();
    }

    @Override
    public boolean isDrained() {
        return output.isDrained();
    }

    @Override
    public void pause(boolean pause) {
        paused = pause && !closed;
        if (!paused && !handing && holds()) {
            handOn();
        }
    }

    /** Releases the frames that are held: they are not needed any more. Later ones are handed on. */
    public void drop() {
        paused = false;
        int size = 0;
        for (Held frame = next(); frame != null; frame = next()) {
            if (frame.data != null) {
                size += frame.data.readableBytes();
                frame.data.release();
            }
        }
        output.consumed(size);
    }

    void receive(Http2Headers headers, boolean last) {
        if (holds()) {
            hold(new Held(headers, null, last));
        } else {
            handOn(headers, last);
        }
    }

    /** Takes data, and returns how many bytes were handed on. */
    int receive(ByteBuf data, boolean last) {
        if (holds()) {
            hold(new Held(null, data, last));
            return 0;
        }
        int size = data.readableBytes();
        handOn(data, last);
        return size;
    }

    void closed() {
        if (closed) {
            return;
        }
        closed = true;
        paused = false;
        if (!handing) {
            handOn();
        }
    }

    private boolean holds() {
        return paused || held != null && !held.isEmpty();
    }

    private void hold(Held frame) {
        if (held == null) {
            held = new ArrayDeque<>(4);
        }
        held.add(frame);
    }

    private @Nullable Held next() {
        return held == null ? null : held.poll();
    }

    private void handOn() {
        handing = true;
        int size = 0;
        for (Held frame = next(); frame != null; frame = paused ? null : next()) {
            if (frame.data != null) {
                size += frame.data.readableBytes();
                handOn(frame.data, frame.last);
            } else if (frame.headers != null) {
                handOn(frame.headers, frame.last);
            }
        }
        // may flush, and so end the stream
        output.consumed(size);
        handing = false;
        if (closed && holds()) {
            handOn();
        } else if (closed) {
            end();
        }
    }

    // a failure of the reader ends this stream, and not the connection with those of others

    private void end() {
        try {
            reader.onClosed();
        } catch (RuntimeException failure) {
            log.error("the end of a stream failed", failure);
        }
    }

    /** Called when the peer resets the stream. */
    void receiveReset(Http2Error error) {
        try {
            reader.onReset(error);
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    /** Called when the peer goes away, and has not seen the stream. */
    void unseen(Http2Error error) {
        try {
            reader.onUnseen(error);
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    /** Tells the reader of a failure: of a frame of the peer's, or of its own. */
    void fail(Exception failure) {
        try {
            reader.onError(failure);
        } catch (RuntimeException another) {
            another.addSuppressed(failure);
            log.error("a stream failed", another);
        }
    }

    private void handOn(Http2Headers headers, boolean last) {
        try {
            reader.onHeaders(headers, last);
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    private void handOn(ByteBuf data, boolean last) {
        try {
            reader.onData(data, last);
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }
}
