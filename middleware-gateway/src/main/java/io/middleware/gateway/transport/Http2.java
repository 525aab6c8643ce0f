package io.middleware.gateway.transport;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** What both sides of the gateway agree on with their HTTP/2 peers. */
public final class Http2 {
    /** Bytes that a peer may send ahead on one stream: the product of 2 Gbit/s and a millisecond, roughly. */
    public static final int STREAM_WINDOW = 256 << 10;
    /** The same for all streams of a connection together: what slow readers leave unread on some is not to stop the others. */
    public static final int CONNECTION_WINDOW = 32 << 20;
    /** Streams that a caller may have open on one connection. */
    public static final int STREAMS_PER_CALLER = 4096;
    /** Bytes of metadata, by HTTP/2's counting (RFC 9113, 10.5.1), that pass each way; for messages to callers. */
    static final String METADATA_WORDS = "64 KiB";
    /** The same with what proxies on the way may add. */
    public static final int MOST_HEADERS = (64 + 4) << 10;
    /**
     * Bytes of a block of headers that are read to find out that it is too large. A larger one ends the connection and so the
     * calls of strangers: not to read it would leave HPACK without what it says of later ones. So many more from servers, as their
     * connections carry everybody's calls.
     */
    private static final int LONGEST_BLOCK_OF_CALLERS = 1 << 20;

    private static final int LONGEST_BLOCK_OF_SERVERS = 4 << 20;
    /** Blocks of headers in pieces of less than 8 KiB have no more of them; Netty's default. */
    private static final int MOST_SMALL_PIECES = 16;
    /** What HTTP/2 starts a connection's window with. */
    private static final int DEFAULT_WINDOW = 65_535;
    /** To what Netty enlarges it. */
    private static final int NETTYS_WINDOW = DEFAULT_WINDOW + 2 * (STREAM_WINDOW - DEFAULT_WINDOW);

    private Http2() {}

    /** HTTP/2 with a caller. */
    public static Http2FrameCodec withCaller() {
        return codec(true, settings().maxConcurrentStreams(STREAMS_PER_CALLER), LONGEST_BLOCK_OF_CALLERS);
    }

    /** HTTP/2 with an instance. */
    static Http2FrameCodec withServer() {
        return codec(false, settings().pushEnabled(false), LONGEST_BLOCK_OF_SERVERS);
    }

    /** What a connection's window is to be enlarged by when it opens. */
    public static int windowIncrement() {
        return CONNECTION_WINDOW - NETTYS_WINDOW;
    }

    private static Http2Settings settings() {
        return Http2Settings.defaultSettings().initialWindowSize(STREAM_WINDOW).maxHeaderListSize(MOST_HEADERS);
    }

    private static Http2FrameCodec codec(boolean server, Http2Settings settings, int longestBlock) {
        DefaultHttp2Connection connection = new DefaultHttp2Connection(server);
        if (settings.maxConcurrentStreams() != null) {
            // at once, and not only when the peer has acknowledged it
            connection.remote().maxActiveStreams(Math.toIntExact(settings.maxConcurrentStreams()));
        }
        // priorities are deprecated (RFC 9113, 5.3.2): no tree of them is kept for those who send them
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        FloodGuard guard = new FloodGuard(server);
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter());
        Http2ConnectionDecoder decoder = new Decoder(
                connection, encoder, new GuardedReader(reader(longestBlock), connection, guard), longestBlock);
        return new GuardedCodec(encoder, decoder, settings, guard);
    }

    private static Http2FrameReader reader(int longestBlock) {
        // headers are checked by RequestHeaders and ResponseHeaders: to a stream with a wrong one Netty would say that
        // it does not
        // exist, and end the connection for the data that follow
        DefaultHttp2FrameReader reader =
                new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false, MOST_HEADERS), MOST_SMALL_PIECES);
        try {
            reader.headersConfiguration().maxHeaderListSize(MOST_HEADERS, longestBlock);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return reader;
    }

    private static final class Decoder extends DefaultHttp2ConnectionDecoder {
        private final int longestBlock;

        Decoder(
                DefaultHttp2Connection connection,
                Http2ConnectionEncoder encoder,
                Http2FrameReader reader,
                int longestBlock) {
            super(connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false);
            this.longestBlock = longestBlock;
        }

        @Override
        protected long calculateMaxHeaderListSizeGoAway(long maxHeaderListSize) {
            return longestBlock;
        }
    }
}
