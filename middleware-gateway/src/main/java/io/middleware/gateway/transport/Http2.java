package io.middleware.gateway.transport;

import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;

/** What both sides of the gateway agree on with their HTTP/2 peers. */
public final class Http2 {
    /** Bytes that a peer may send ahead on one stream: the product of 2 Gbit/s and a millisecond, roughly. */
    public static final int STREAM_WINDOW = 256 << 10;
    /** The same for all streams of a connection together: what slow readers leave unread on some is not to stop the others. */
    public static final int CONNECTION_WINDOW = 32 << 20;
    /** What HTTP/2 starts a connection's window with. */
    private static final int DEFAULT_WINDOW = 65_535;
    /** To what Netty enlarges it. */
    private static final int NETTYS_WINDOW = DEFAULT_WINDOW + 2 * (STREAM_WINDOW - DEFAULT_WINDOW);
    /** Bytes of headers; gRPC's own 8 KiB is too little for the tokens of some callers. */
    public static final int MOST_HEADERS = 64 << 10;
    /**
     * Streams that may be reset in 30 s. Netty's 200 takes a caller who hedges, and so cancels a stream per call, for an
     * attacker.
     */
    private static final int MOST_RESETS = 30_000;

    private Http2() {
    }

    /** The settings for the side that {@code builder} is for. */
    public static Http2FrameCodecBuilder tune(Http2FrameCodecBuilder builder) {
        return builder
                .validateHeaders(false)
                .decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, 30)
                .encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, 30)
                .initialSettings(Http2Settings.defaultSettings()
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(MOST_HEADERS));
    }

    /** What a connection's window is to be enlarged by when it opens. */
    public static int windowIncrement() {
        return CONNECTION_WINDOW - NETTYS_WINDOW;
    }
}
