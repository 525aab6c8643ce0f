package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One event loop's connection to one instance, from the attempt to connect until its last stream has ended. It is ready when the
 * server has said its first word, SETTINGS: the system accepts connections also for a server that is frozen, and what was sent to
 * that may have arrived. Tells the instance how long the way to it is.
 */
final class Connection {
    /** For the first word of a server whose system has accepted the connection; a program that starts may be busy. */
    private static final int GREETING_LIMIT_MILLIS = 1_000;
    /** With more streams than that, what they have not read of their responses could use up the connection's window. */
    static final int FEW_STREAMS = Http2.CONNECTION_WINDOW / Http2.STREAM_WINDOW;
    /** With less of the server's window left, a request may have to wait for what the server has not read of others. */
    private static final int LITTLE_WINDOW = 16 << 10;

    private static final ChannelInitializer<Channel> NOTHING = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
            // one of several addresses may be left again: the connection is made of something once it is known to be
            // the one
        }
    };
    private static final Outcome CLOSED = Outcome.unsent("the connection closed before the call was sent");

    private final Instance instance;
    private final InstanceConnections owner;
    private final Readiness readiness = new Readiness();
    private final ChannelFutureListener whenClosed = closed -> streamClosed();
    private Dialer dialer;
    /** Null, and what belongs to it, until an address has taken the connection. */
    private Channel channel;

    private int madeAt;
    private Http2StreamChannelBootstrap opener;
    private Http2Connection http2;
    private FlushBatch flushes;
    private Pings pings;
    private Http2Error goAway;
    private boolean draining;
    private boolean leaving;
    private boolean unneeded;
    private boolean idleChecked;
    private long most = Long.MAX_VALUE;
    /** Attempts that have not ended, and streams that the server has not seen closed: it counts these. */
    private int attempts;

    private int streams;
    private long opened;
    private long idleNanos;

    Connection(Instance instance, InstanceConnections owner) {
        this.instance = instance;
        this.owner = owner;
    }

    void connect(EventLoops loops, EventLoop loop, Http2Transport.Options options) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(NOTHING);
        EventLoops.endDeadConnections(bootstrap::option);
        idleNanos = options.idleTimeout().toNanos();
        dialer = new Dialer(bootstrap, loop, new Dialer.Listener() {
            @Override
            public void connected(Channel to, long nanos) {
                instance.roundTrip(nanos);
                accepted(to, loop);
            }

            @Override
            public void onFailure(Outcome outcome) {
                unconnected(outcome);
            }
        });
        InstanceDns.resolve(instance.registration(), loop).addListener((Future<List<InetSocketAddress>> resolved) -> {
            if (resolved.isSuccess()) {
                dialer.begin(resolved.getNow());
            } else {
                unconnected(Outcome.unreachable(
                        "its host " + instance.registration().host() + " cannot be resolved"
                                + " (expected: an IP address, or a name that DNS knows where the gateway runs)"));
            }
        });
    }

    /** Whether it is known that it stands, or does not. */
    boolean ready() {
        return readiness.known();
    }

    /** Whether it stood once. */
    boolean stood() {
        return readiness.stands();
    }

    /** Whether a stream that is opened now is sent at once. */
    boolean hasRoom() {
        return !draining
                && readiness.stands()
                && streams < most
                && http2.remote().flowController().windowSize(http2.connectionStream()) > LITTLE_WINDOW;
    }

    /** How many streams are open. */
    int streams() {
        return streams;
    }

    /** How many streams the server takes at a time. */
    long most() {
        return most;
    }

    /** Opens a stream, for which there is room. */
    void open(ServerStream stream) {
        attempts++;
        streams++;
        opened++;
        stream.bind(this);
        // completes at once: we are on the connection's event loop
        opener.open().addListener(done -> {
            if (done.isSuccess()) {
                Http2StreamChannel created = (Http2StreamChannel) done.getNow();
                created.closeFuture().addListener(whenClosed);
                stream.opened(created);
            } else {
                streams--;
                stream.fail(Outcome.unsent("no stream could be opened: " + Dialer.reason(done.cause())));
            }
        });
    }

    /** Tells once whether the connection stands: null, or why it does not. At once if that is known. */
    void whenReady(Consumer<Outcome> listener) {
        readiness.tell(listener);
    }

    /** See {@link Pings#send}. */
    void ping(long limitNanos, Runnable answered, Runnable lost) {
        pings.send(limitNanos, answered, lost);
    }

    /** The server's settings: the first are its first word. */
    void told(Http2Settings settings) {
        if (settings.maxConcurrentStreams() != null) {
            most = settings.maxConcurrentStreams();
        }
        if (!readiness.known()) {
            readiness.settle(null);
        }
        owner.hasRoom();
        if (leaving) {
            drain();
        }
    }

    void acknowledged() {
        pings.acknowledged();
    }

    void flushSoon() {
        flushes.soon();
    }

    /** The server takes no more streams; {@code error} says why. */
    void goAway(Http2Error error) {
        goAway = error;
        drain();
    }

    /** Returns {@link Instance#renewals} of the time when it was made. */
    int madeAt() {
        return madeAt;
    }

    /** What became of a call that the server had when the connection ended. */
    Outcome loss() {
        return StreamErrors.lost(goAway);
    }

    /** The same as {@link #drain}, but those that have waited for the connection get it. */
    void drainWhenReady() {
        if (readiness.known() || attempts + owner.waiting() == 0) {
            drain();
        } else {
            leaving = true;
        }
    }

    /** The same, of one that nobody needs any more. */
    void leaveUnneeded() {
        unneeded = true;
        drain();
    }

    /** No more streams; closed when the last one has ended. */
    void drain() {
        if (!draining) {
            leave(null);
        }
        closeIfDrained();
    }

    void attemptEnded() {
        attempts--;
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (!draining || attempts > 0) {
            return;
        }
        if (channel != null) {
            channel.close();
        } else {
            dialer.cancel();
            unconnected(CLOSED);
        }
    }

    /** Takes no more streams. {@code outcome}: see {@link InstanceConnections#left}. */
    private void leave(Outcome outcome) {
        draining = true;
        if (readiness.stands() && !unneeded) {
            owner.ended();
        }
        owner.left(this, outcome);
    }

    private void streamClosed() {
        streams--;
        owner.hasRoom();
        if (streams == 0 && !idleChecked && !draining) {
            idleChecked = true;
            checkIdle(opened);
        }
    }

    private void checkIdle(long before) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (opened != before) {
                                checkIdle(opened);
                            } else {
                                idleChecked = false;
                                if (streams == 0) {
                                    owner.idle(this);
                                }
                            }
                        },
                        idleNanos,
                        TimeUnit.NANOSECONDS);
    }

    private void unconnected(Outcome outcome) {
        if (failed(outcome)) {
            closed();
        }
    }

    private void accepted(Channel to, EventLoop loop) {
        channel = to;
        madeAt = instance.renewals();
        flushes = new FlushBatch(channel);
        opener = new Http2StreamChannelBootstrap(channel);
        pings = new Pings(instance, channel);
        channel.pipeline().addLast(new ConnectionPipeline(this));
        http2 = channel.pipeline().get(GuardedCodec.class).connection();
        channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(Http2.windowIncrement()));
        channel.config().setAutoRead(true);
        channel.closeFuture().addListener(closed -> {
            failed(Outcome.unreachable("the server closed the connection before it said anything"));
            closed();
        });
        loop.schedule(
                () -> {
                    if (failed(Outcome.silent(
                            "accepts connections, and said nothing within " + GREETING_LIMIT_MILLIS + " ms"))) {
                        channel.close();
                    }
                },
                GREETING_LIMIT_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** False, and harmless, where it had become ready or failed before. */
    private boolean failed(Outcome outcome) {
        if (readiness.known()) {
            return false;
        }
        // before anybody is told: who tries again at once is to get another one
        leave(outcome);
        readiness.settle(outcome);
        return true;
    }

    private void closed() {
        boolean broken = readiness.stands() && !draining;
        leave(CLOSED);
        if (broken) {
            owner.broke();
        }
        if (channel != null) {
            pings.lost();
        }
    }
}
