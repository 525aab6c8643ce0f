package io.middleware.gateway.transport;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;

/** The handler of a connection to a server. */
final class ServerCodec extends StreamCodec {
    private final ConnectionFrames events;

    ServerCodec(Http2.Parts parts, ConnectionFrames events) {
        super(parts);
        this.events = events;
        decoder().frameListener(new ServerReads(this, events));
    }

    /**
     * Opens a stream, on which nothing is written yet.
     *
     * @throws Http2Exception the connection takes no more streams
     */
    CodecStream open(StreamFrames reader) throws Http2Exception {
        int id = connection().local().incrementAndGetNextStreamId();
        if (id < 0) {
            // the numbers are used up
            events.onGoAway(Http2Error.NO_ERROR);
        }
        return attach(connection().local().createStream(id, false), reader);
    }

    void writeSettings(Http2Settings settings) {
        encoder().writeSettings(context(), settings, context().newPromise());
    }

    @Override
    void closed(CodecStream stream) {
        events.onStreamClosed();
        super.closed(stream);
    }
}
