package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connection to one instance, from the attempt to connect until its last stream has ended. It is ready
 * when the server's first frame, SETTINGS, has arrived: the operating system also accepts connections for a frozen
 * server, and a request that was sent to such a server may have arrived. Measures the instance's round trip.
 */
final class Connection implements ConnectionFrames, Handshake.Listener, StreamCarrier {
    /** With more streams, the responses that they have not read could use up the connection's window. */
    static final int FEW_STREAMS = Http2.CONNECTION_WINDOW / Http2.STREAM_WINDOW;

    private final ConnectionOwner owner;
    private final Handshake handshake;
    private final IdleCheck idleCheck;
    private @Nullable Http2Error goAway;
    private boolean draining;
    private boolean drainsWhenReady;
    private boolean unneeded;
    private long most = Long.MAX_VALUE;
    /** Attempts that have not ended. */
    private int attempts;
    /** Streams that the server has not seen closed: these count against its limit. */
    private int streams;

    Connection(Instance instance, EventLoops loops, EventLoop loop, ConnectionOptions options, ConnectionOwner owner) {
        this.owner = owner;
        this.handshake = new Handshake(instance, loops, loop, options, this, this);
        this.idleCheck = new IdleCheck(loop, options.idleTimeout().toNanos(), () -> {
            if (streams == 0) {
                owner.onIdle(this);
            }
        });
    }

    void connect() {
        handshake.start();
    }

    /** Leaves before the listeners hear of it: one that retries at once must get another connection. */
    @Override
    public void onFailure(Outcome outcome) {
        leave(outcome);
    }

    @Override
    public void onClosed() {
        boolean broken = handshake.succeeded() && !draining;
        leave(StreamErrors.NEVER_SENT);
        if (broken) {
            owner.onBroken();
        }
        Session session = handshake.session();
        if (session != null) {
            session.pings().lost();
        }
    }

    /** Returns the beginning of the connection, which is ready once that has succeeded. */
    Handshake handshake() {
        return handshake;
    }

    /** Returns whether a stream that is opened now is sent at once. */
    boolean hasRoom() {
        return !draining && handshake.succeeded() && streams < most && session().hasWindow();
    }

    /** Returns how many streams are open. */
    int streams() {
        return streams;
    }

    /** Returns how many streams the server takes at a time. */
    long most() {
        return most;
    }

    /** Opens a stream, for which there is room. */
    void open(ServerStream stream) {
        attempts++;
        streams++;
        idleCheck.streamOpened();
        stream.bind(this);
        try {
            stream.opened(session().open(stream.frames()));
        } catch (Http2Exception refused) {
            streams--;
            stream.fail(Outcome.unsent("no stream could be opened: " + refused.getMessage()));
        }
    }

    /** See {@link Pings#send}. */
    void ping(long limitNanos, Runnable answered, Runnable lost) {
        session().pings().send(limitNanos, answered, lost);
    }

    @Override
    public void onSettings(Http2Settings settings) {
        if (settings.maxConcurrentStreams() != null) {
            most = settings.maxConcurrentStreams();
        }
        handshake.settingsArrived();
        owner.onRoom();
        if (drainsWhenReady) {
            drain();
        }
    }

    @Override
    public void onSettingsAck() {
        session().pings().acknowledged();
    }

    @Override
    public void onGoAway(Http2Error error) {
        goAway = error;
        drain();
    }

    @Override
    public void flushSoon() {
        session().flushSoon();
    }

    @Override
    public int madeAt() {
        return session().madeAt();
    }

    @Override
    public Outcome loss() {
        return StreamErrors.lost(goAway);
    }

    @Override
    public void attemptEnded() {
        attempts--;
        closeIfDrained();
    }

    /** Drains, but first serves the streams that have waited for the connection. */
    void drainWhenReady() {
        if (handshake.isOver() || attempts + owner.waiting() == 0) {
            drain();
        } else {
            drainsWhenReady = true;
        }
    }

    /** Drains a connection that is not needed any more. */
    void drainUnneeded() {
        unneeded = true;
        drain();
    }

    /** Takes no more streams, and closes when the last one has ended. */
    void drain() {
        if (!draining) {
            leave(null);
        }
        closeIfDrained();
    }

    private Session session() {
        return Objects.requireNonNull(handshake.session(), "no address has accepted the connection yet");
    }

    private void closeIfDrained() {
        if (!draining || attempts > 0) {
            return;
        }
        handshake.close(StreamErrors.NEVER_SENT);
    }

    /** Takes no more streams. {@code outcome}: see {@link ConnectionOwner#onLeft}. */
    private void leave(@Nullable Outcome outcome) {
        draining = true;
        if (handshake.succeeded() && !unneeded) {
            owner.onEnded();
        }
        owner.onLeft(this, outcome);
    }

    @Override
    public void onStreamClosed() {
        streams--;
        owner.onRoom();
        if (streams == 0 && !draining) {
            idleCheck.start();
        }
    }
}
