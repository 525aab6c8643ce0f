package io.middleware.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the work that an HTTP/2 peer may cause without any response to show for it. Two token buckets per connection:
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
 * So a caller that hedges, and resets one stream per call, is not limited; one that only resets soon is. A peer that
 * sends but does not read may leave {@value #UNREAD_MB} MB unread. Beyond any of these the connection is closed with
 * ENHANCE_YOUR_CALM (RFC 9113, 10.5). {@link CallerLimits} may have other rates; what may come at once is in proportion. Confined
 * to the connection's event loop.
 */
public final class FloodGuard {
    private static final int FRAMES = 10_000;
    static final int FRAMES_PER_SECOND = 1_000;
    /** Streams that a caller may reset within a second of opening them. */
    public static final int RESETS = 1_000;

    static final int RESETS_PER_SECOND = 200;
    private static final int FRAMES_AT_ONCE = FRAMES / FRAMES_PER_SECOND;
    private static final int RESETS_AT_ONCE = RESETS / RESETS_PER_SECOND;
    static final int EMPTY_DATA = 10;
    static final int SETTINGS = 100;
    static final int LARGE_HEADERS = 20;
    static final int UNREAD_MB = 8;

    private static final long YOUNG = TimeUnit.SECONDS.toNanos(1);

    private final TokenBucket frames;
    private final @Nullable TokenBucket resets;
    private int newest;
    private long newestAt = System.nanoTime();
    /** The newest streams at {@code checkedAt} and at the check before: a later one may be young. */
    private int checked;

    private int old;
    private long checkedAt = newestAt;
    private boolean tripped;

    /** {@code boundResets}: whether the peer's resets count; a server's do not, as a server refuses by them. */
    FloodGuard(CallerLimits limits, boolean boundResets) {
        frames = new TokenBucket(FRAMES_AT_ONCE * limits.framesPerSecond(), limits.framesPerSecond());
        resets = boundResets
                ? new TokenBucket(RESETS_AT_ONCE * limits.resetsPerSecond(), limits.resetsPerSecond())
                : null;
    }

    /** Called when the peer sent a frame that carries no part of a call. */
    void frame(Channel connection, int tokens) throws Http2Exception {
        frame(tokens);
        checkUnread(connection);
    }

    /** The same, where something else bounds what the peer leaves unread. */
    void frame(int tokens) throws Http2Exception {
        if (!frames.take(tokens)) {
            throw calm("more frames than calls need");
        }
    }

    /** Called when the peer sent headers on this stream. */
    void headers(Channel connection, int stream) throws Http2Exception {
        checkUnread(connection);
        opened(stream);
    }

    /** The same, where something else bounds what the peer leaves unread. */
    void opened(int stream) {
        if (stream > newest) {
            newest = stream;
            newestAt = System.nanoTime();
            age(newestAt);
        }
    }

    /** Called when the peer reset this stream, which had not ended. */
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

    /** Called when a faulty frame of the peer's ends a stream; returns false if there were too many. */
    boolean fault(Http2Exception.StreamException fault) {
        return fault(fault instanceof Http2Exception.HeaderListSizeException ? LARGE_HEADERS : 1);
    }

    /** Called when a faulty frame makes us reset a stream; returns false if there were too many. */
    boolean fault(int tokens) {
        return resets == null ? frames.take(tokens) : resets.take(tokens);
    }

    /** Called when so many bytes of a call were written to the peer. */
    void wrote(int bytes) {
        frames.give(4 + (bytes >> 12));
    }

    /** Called when a call has ended. */
    void ended() {
        if (resets != null) {
            resets.give(2);
        }
    }

    /** Returns whether a limit was exceeded: the connection is closing, and nothing more is read from it. */
    boolean tripped() {
        return tripped;
    }

    /** Returns the error that closes the connection. */
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
