package io.middleware.gateway.transport;

import io.middleware.gateway.headers.LiteralHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** The HTTP/2 settings and codecs of both sides of the gateway. */
public final class Http2 {
    /** Bytes that a peer may send ahead on one stream: the product of 2 Gbit/s and a millisecond, roughly. */
    public static final int STREAM_WINDOW = 256 << 10;
    /**
     * The same for all streams of a connection together: large, so that unread data of slow readers does not stop the
     * others.
     */
    public static final int CONNECTION_WINDOW = 32 << 20;
    /** Bytes of metadata, by HTTP/2's counting (RFC 9113, 10.5.1), that pass each way; for messages to callers. */
    static final String METADATA_WORDS = "64 KiB";
    /** The same with what proxies may add. */
    public static final int MOST_HEADERS = (64 + 4) << 10;
    /**
     * Bytes of a header block that are read although it is too large. A longer block closes the connection, and with it
     * the calls of others: HPACK cannot skip a block, as later ones refer to it. The limit is higher for servers, whose
     * connections carry calls of all callers.
     */
    private static final int LONGEST_BLOCK_OF_CALLERS = 1 << 20;

    private static final int LONGEST_BLOCK_OF_SERVERS = 4 << 20;
    /** The most pieces of less than 8 KiB in a header block; Netty's default. */
    private static final int MOST_SMALL_PIECES = 16;
    /** Buckets of the encoder's index of its table; Netty's default. */
    private static final int TABLE_HASHES = 64;

    /** The initial window of a connection in HTTP/2. */
    private static final int DEFAULT_WINDOW = 65_535;

    private Http2() {}

    /** Returns the codec for a connection with a caller. */
    public static CallerCodec withCaller(CallerLimits limits, CallerEvents events) {
        return new CallerCodec(
                parts(limits, true, settings().maxConcurrentStreams(limits.streams()), LONGEST_BLOCK_OF_CALLERS),
                events);
    }

    /** Returns the codec for a connection with an instance. */
    static ServerCodec withServer(ConnectionFrames events) {
        return new ServerCodec(
                parts(CallerLimits.USUAL, false, settings().pushEnabled(false), LONGEST_BLOCK_OF_SERVERS), events);
    }

    /** Returns by how much to enlarge a connection's window when it opens. */
    static int windowIncrement() {
        return CONNECTION_WINDOW - DEFAULT_WINDOW;
    }

    private static Http2Settings settings() {
        return Http2Settings.defaultSettings().initialWindowSize(STREAM_WINDOW).maxHeaderListSize(MOST_HEADERS);
    }

    /** What the handler of a connection is made of. */
    record Parts(
            Http2ConnectionEncoder encoder, Http2ConnectionDecoder decoder, Http2Settings settings, FloodGuard guard) {}

    private static Parts parts(CallerLimits limits, boolean server, Http2Settings settings, int longestBlock) {
        DefaultHttp2Connection connection = new DefaultHttp2Connection(server);
        if (settings.maxConcurrentStreams() != null) {
            // at once, not only after the peer has acknowledged it
            connection.remote().maxActiveStreams(Math.toIntExact(settings.maxConcurrentStreams()));
        }
        // priorities are deprecated (RFC 9113, 5.3.2): no tree of them is kept
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        FloodGuard guard = new FloodGuard(limits, server);
        Http2ConnectionEncoder encoder = new DirectEncoder(connection, new WholeFrameWriter(headersEncoder()));
        Http2ConnectionDecoder decoder = new Decoder(
                connection, encoder, new GuardedReader(reader(longestBlock), connection, guard), longestBlock);
        return new Parts(encoder, decoder, settings, guard);
    }

    private static Http2HeadersEncoder headersEncoder() {
        return new DefaultHttp2HeadersEncoder(LiteralHeaders.RULES, false, TABLE_HASHES, Integer.MAX_VALUE);
    }

    private static Http2FrameReader reader(int longestBlock) {
        // RequestHeaders and ResponseHeaders check headers instead of Netty, which would treat a stream with a
        // malformed one as unknown,
        // and close the connection when its data arrive
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
