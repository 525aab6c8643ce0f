package io.middleware.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what an HTTP/2 peer may have us do that brings nobody a response. Two token buckets per connection:
 *
 * <pre>
 * frames   {@value #FRAMES} tokens, {@value #FRAMES_PER_SECOND} more each second, and for each frame of a call that we write 4,
 *          and 1 for each 4 KiB of it: peers acknowledge these by WINDOW_UPDATE and PING.
 *          A frame without headers or data takes 1, an empty DATA {@value #EMPTY_DATA}, SETTINGS and GOAWAY {@value #SETTINGS}
 * resets   {@value #RESETS} tokens, {@value #RESETS_PER_SECOND} more each second, and 2 per call that came to its end.
 *          A stream that the peer resets within a second of opening it takes 1; so does each one that its faulty frames
 *          force us to reset, and one with too large headers {@value #LARGE_HEADERS}
 * </pre>
 *
 * A caller who hedges, and resets a stream per call, so has no limit; one who does nothing but reset soon meets it. A peer that
 * goes on sending but does not read what it gets may have {@value #UNREAD_MB} MB waiting for it. Beyond any of these the
 * connection ends with ENHANCE_YOUR_CALM (RFC 9113, 10.5). Confined to the connection's event loop.
 */
public final class FloodGuard {
    static final int FRAMES = 10_000;
    static final int FRAMES_PER_SECOND = 1_000;
    /** Streams that a caller may reset within a second of opening them. */
    public static final int RESETS = 1_000;

    static final int RESETS_PER_SECOND = 200;
    static final int EMPTY_DATA = 10;
    static final int SETTINGS = 100;
    static final int LARGE_HEADERS = 20;
    static final int UNREAD_MB = 8;

    private static final long YOUNG = TimeUnit.SECONDS.toNanos(1);

    private final TokenBucket frames = new TokenBucket(FRAMES, FRAMES_PER_SECOND);
    private final TokenBucket resets;
    private int newest;
    private long newestAt = System.nanoTime();
    /** The newest stream at {@code checkedAt}, and before that: what was opened later may be young. */
    private int checked;

    private int old;
    private long checkedAt = newestAt;
    private boolean tripped;

    /** {@code boundResets}: whether the peer's resets count; a server's do not, as they are how it refuses. */
    FloodGuard(boolean boundResets) {
        resets = boundResets ? new TokenBucket(RESETS, RESETS_PER_SECOND) : null;
    }

    /** The peer sent a frame that carries no part of a call. */
    void frame(Channel connection, int tokens) throws Http2Exception {
        if (!frames.take(tokens)) {
            throw calm("more frames than calls need");
        }
        checkUnread(connection);
    }

    /** The peer sent headers of this stream. */
    void headers(Channel connection, int stream) throws Http2Exception {
        checkUnread(connection);
        if (stream > newest) {
            newest = stream;
            newestAt = System.nanoTime();
            age(newestAt);
        }
    }

    /** The peer reset this stream, which had not ended. */
    void reset(int stream) throws Http2Exception {
        if (resets == null) {
            return;
        }
        long now = System.nanoTime();
        age(now);
        boolean young = stream > old && now - newestAt < YOUNG;
        if (young && !resets.take(1)) {
            throw calm("more streams reset than ended");
        }
    }

    /** A frame of the peer's makes us reset a stream; false: one too many. */
    boolean fault(int tokens) {
        return resets == null ? frames.take(tokens) : resets.take(tokens);
    }

    /** So many bytes of a call were written to the peer. */
    void wrote(int bytes) {
        frames.give(4 + (bytes >> 12));
    }

    /** A call came to its end. */
    void ended() {
        if (resets != null) {
            resets.give(2);
        }
    }

    /** Whether a limit was broken: the connection is about to end, and nothing more is read from it. */
    boolean tripped() {
        return tripped;
    }

    /** The end of the connection because of {@code why}. */
    Http2Exception calm(String why) {
        tripped = true;
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, why);
    }

    private void age(long now) {
        if (now - checkedAt >= YOUNG) {
            old = checked;
            checked = newest;
            checkedAt = now;
        }
    }

    private void checkUnread(Channel connection) throws Http2Exception {
        ChannelOutboundBuffer unread = connection.unsafe().outboundBuffer();
        if (unread != null && unread.totalPendingWriteBytes() > (long) UNREAD_MB << 20) {
            throw calm("more than " + UNREAD_MB + " MB sent to you are unread");
        }
    }
}
