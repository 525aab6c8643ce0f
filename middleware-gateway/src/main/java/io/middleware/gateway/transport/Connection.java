package io.middleware.gateway.transport;

import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.middleware.core.Instance;
import io.middleware.core.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;

/**
 * One event loop's connection to one instance, from the attempt to connect until its last stream has ended. It is ready when the
 * server has said its first word, SETTINGS: the system accepts connections also for a server that is frozen, and what was sent to
 * that may have arrived. Tells the instance how long the way to it is.
 */
final class Connection {
    /** For the first word of a server whose system has accepted the connection; a program that starts may be busy. */
    private static final int GREETING_LIMIT_MILLIS = 1_000;
    private static final Outcome LEAVING = Outcome.unsent("the connection takes no more calls");
    private static final Outcome CLOSED = Outcome.unsent("the connection closed before the call was sent");

    private final Instance instance;
    private final End end;
    private final Readiness readiness = new Readiness();
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
                .handler(new ConnectionPipeline(this));
        EventLoops.endDeadConnections(bootstrap::option);
        long startedAt = System.nanoTime();
        ChannelFuture connecting = Names.pointAt(instance.registration(), bootstrap).connect();
        channel = connecting.channel();
        flushes = new FlushBatch(channel);
        slots = new SlotQueue(new Http2StreamChannelBootstrap(channel));
        pings = new Pings(instance, channel);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                instance.roundTrip(System.nanoTime() - startedAt);
                accepted(loop);
            } else {
                failed(done.cause() instanceof ConnectTimeoutException
                        ? Outcome.silent("no connection within " + options.connectTimeout().toMillis() + " ms")
                        : Outcome.unreachable(reason(done.cause())));
                closed();
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
        slots.dismiss(LEAVING);
        closeIfDrained();
    }

    void streamEnded() {
        open--;
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (draining && open == 0) {
            channel.close();
        }
    }

    private void accepted(EventLoop loop) {
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
        slots.dismiss(CLOSED);
        pings.lost();
    }

    static String reason(Throwable failure) {
        return failure instanceof ConnectException ? "connection refused"
                : failure.getMessage() != null ? failure.getMessage() : failure.getClass().getSimpleName();
    }
}
