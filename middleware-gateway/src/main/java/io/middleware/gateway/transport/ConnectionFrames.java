package io.middleware.gateway.transport;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;

/** Gets what concerns a whole connection to a server, on its event loop. */
interface ConnectionFrames {
    /** Called when the server's settings arrive, the first of which are its first frame. */
    void onSettings(Http2Settings settings);

    /** Called when the server acknowledges settings of ours. */
    void onSettingsAck();

    /** Called when the server takes no more streams, before those hear of it that it has not seen. */
    void onGoAway(Http2Error error);

    /** Called when neither side can send on a stream any more. */
    void onStreamClosed();
}
