package io.middleware.gateway.transport;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.middleware.core.Instance;
import io.middleware.core.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;

/**
 * One event loop's connection to one instance, from the attempt to connect until its last stream has ended. It is ready when the
 * server has said its first word, SETTINGS: the system accepts connections also for a server that is frozen, and what was sent to
 * that may have arrived. Tells the instance how long the way to it is.
 */
final class Connection {
    /** For the first word of a server whose system has accepted the connection; a program that starts may be busy. */
    private static final int GREETING_LIMIT_MILLIS = 1_000;
    private static final Outcome LEAVING = Outcome.unsent("the connection takes no more calls");
    private static final ChannelInitializer<Channel> NOTHING = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
            // one of several addresses may be left again: the connection is made of something once it is known to be the one
        }
    };
    private static final Outcome CLOSED = Outcome.unsent("the connection closed before the call was sent");

    private final Instance instance;
    private final End end;
    private final Readiness readiness = new Readiness();
    private Dialing dialing;
    /** Null, and what belongs to it, until an address has taken the connection. */
    private Channel channel;
    private FlushBatch flushes;
    private SlotQueue slots;
    private Pings pings;
    private boolean draining;
    private int open;
    private Http2Error goAway;

    /** Told of a connection's end; {@code broken}: nobody had said that it was to end. */
    interface End {
        void closed(Connection connection, boolean broken);
    }

    Connection(Instance instance, End end) {
        this.instance = instance;
        this.end = end;
    }

    void connect(EventLoops loops, EventLoop loop, Http2Transport.Options options) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(NOTHING);
        EventLoops.endDeadConnections(bootstrap::option);
        dialing = new Dialing(bootstrap, loop, new Dialing.Listener() {
            @Override
            public void connected(Channel to, long nanos) {
                instance.roundTrip(nanos);
                accepted(to, loop);
            }

            @Override
            public void failed(Outcome outcome) {
                unconnected(outcome);
            }
        });
        Names.resolve(instance.registration(), loop).addListener((Future<List<InetSocketAddress>> resolved) -> {
            if (resolved.isSuccess()) {
                dialing.begin(resolved.getNow());
            } else {
                unconnected(Outcome.unreachable("its host " + instance.registration().host() + " cannot be resolved"
                        + " (expected: an IP address, or a name that DNS knows where the gateway runs)"));
            }
        });
    }

    boolean stood() {
        return readiness.stands();
    }

    /** False: another connection is to be made. */
    boolean takesStreams() {
        return !draining;
    }

    /** Opens a stream as soon as there is a connection, and room on it; the stream is told if there will be none. */
    void open(ServerStream stream) {
        open++;
        stream.bind(this);
        whenReady(failure -> {
            if (failure == null) {
                slots.add(stream);
            } else {
                stream.fail(failure);
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
        slots.limit(settings.maxConcurrentStreams());
        if (!readiness.known()) {
            readiness.settle(null);
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

    /** What became of a call that the server had when the connection ended. */
    Outcome loss() {
        return StreamErrors.lost(goAway);
    }

    /** No more streams; closed when the last one has ended. */
    void drain() {
        draining = true;
        if (slots != null) {
            slots.dismiss(LEAVING);
        }
        closeIfDrained();
    }

    void streamEnded() {
        open--;
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (!draining || open > 0) {
            return;
        }
        if (channel != null) {
            channel.close();
        } else {
            dialing.cancel();
            unconnected(LEAVING);
        }
    }

    private void unconnected(Outcome outcome) {
        if (failed(outcome)) {
            closed();
        }
    }

    private void accepted(Channel to, EventLoop loop) {
        channel = to;
        flushes = new FlushBatch(channel);
        slots = new SlotQueue(new Http2StreamChannelBootstrap(channel));
        pings = new Pings(instance, channel);
        channel.pipeline().addLast(new ConnectionPipeline(this));
        channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(Http2.windowIncrement()));
        channel.config().setAutoRead(true);
        channel.closeFuture().addListener(closed -> {
            failed(Outcome.unreachable("the server closed the connection before it said anything"));
            closed();
        });
        loop.schedule(() -> {
            if (failed(Outcome.silent("accepts connections, and said nothing within " + GREETING_LIMIT_MILLIS + " ms"))) {
                channel.close();
            }
        }, GREETING_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** False, and harmless, where it had become ready or failed before. */
    private boolean failed(Outcome outcome) {
        if (readiness.known()) {
            return false;
        }
        // before anybody is told: who tries again at once is to get another one
        draining = true;
        readiness.settle(outcome);
        return true;
    }

    private void closed() {
        boolean broken = readiness.stands() && !draining;
        draining = true;
        end.closed(this, broken);
        if (channel != null) {
            slots.dismiss(CLOSED);
            pings.lost();
        }
    }
}
