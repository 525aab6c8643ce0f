package io.middleware.gateway.transport;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import io.middleware.core.Instance;
import io.middleware.core.Outcome;
import io.middleware.core.Registration;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;

/**
 * One event loop's connection to one instance, from the attempt to connect until its last stream has ended. Tells the instance
 * how long the way to it is.
 */
final class Connection {
    private final Instance instance;
    private final End end;
    private final Queue<Ping> pings = new ArrayDeque<>(1);
    private final List<Consumer<Outcome>> waiting = new ArrayList<>(2);
    private Channel channel;
    private FlushBatch flushes;
    private Http2StreamChannelBootstrap streams;
    private Outcome failed;
    private boolean ready;
    private boolean draining;
    private boolean settled;
    private int open;

    private record Ping(long sentAt, Runnable answered, Runnable lost) { }

    /** Told of a connection's end; {@code broken}: nobody had said that it was to end. */
    interface End {
        void closed(Connection connection, boolean broken);
    }

    Connection(Instance instance, End end) {
        this.instance = instance;
        this.end = end;
    }

    void connect(EventLoops loops, EventLoop loop, Http2Transport.Options options) {
        Registration at = instance.registration();
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ConnectionPipeline(this));
        loops.endDeadConnections(bootstrap);
        long startedAt = System.nanoTime();
        ChannelFuture connecting = bootstrap.connect(new InetSocketAddress(at.host(), at.port()));
        channel = connecting.channel();
        flushes = new FlushBatch(channel);
        streams = new Http2StreamChannelBootstrap(channel);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                instance.roundTrip(System.nanoTime() - startedAt);
            }
            connected(done.cause(), options);
        });
    }

    /** False: another connection is to be made. */
    boolean takesStreams() {
        return !draining;
    }

    /** Opens a stream as soon as there is a connection; the stream is told if there will be none. */
    void open(ServerStream stream) {
        open++;
        stream.bind(this);
        whenReady(failure -> {
            if (failure == null) {
                begin(stream);
            } else {
                stream.fail(failure);
            }
        });
    }

    /** Tells once whether the connection stands: null, or why it does not. At once if that is known. */
    void whenReady(Consumer<Outcome> listener) {
        if (ready || failed != null) {
            listener.accept(failed);
        } else {
            waiting.add(listener);
        }
    }

    /**
     * Runs {@code answered} when the server has answered, or {@code lost} when the connection ends first. Asks by empty SETTINGS,
     * which have to be acknowledged at once (RFC 9113, 6.5.3): gRPC's servers close a connection with more than two PINGs between
     * what they send on it ("too_many_pings"), and with it a call that takes long.
     */
    void ping(Runnable answered, Runnable lost) {
        pings.add(new Ping(System.nanoTime(), answered, lost));
        channel.writeAndFlush(new DefaultHttp2SettingsFrame(new Http2Settings()));
    }

    /** The server acknowledges settings in the order in which they were sent; the first are those that a connection begins with. */
    void acknowledged() {
        Ping answered = settled ? pings.poll() : null;
        settled = true;
        if (answered != null) {
            instance.roundTrip(System.nanoTime() - answered.sentAt);
            answered.answered.run();
        }
    }

    void flushSoon() {
        flushes.soon();
    }

    /** No more streams; closed when the last one has ended. */
    void drain() {
        draining = true;
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

    private void begin(ServerStream stream) {
        if (stream.ended()) {
            return;
        }
        // completes at once: we are on the connection's event loop
        streams.open().addListener(opened -> {
            if (opened.isSuccess()) {
                stream.opened((Http2StreamChannel) opened.getNow());
            } else {
                stream.fail(Outcome.unsent("no stream could be opened: " + reason(opened.cause())));
            }
        });
    }

    private void connected(Throwable failure, Http2Transport.Options options) {
        if (failure == null) {
            ready = true;
            channel.closeFuture().addListener(closed -> closed());
        } else {
            failed = failure instanceof ConnectTimeoutException
                    ? Outcome.silent("no connection within " + options.connectTimeout().toMillis() + " ms")
                    : Outcome.unreachable(reason(failure));
            closed();
        }
        List<Consumer<Outcome>> waited = List.copyOf(waiting);
        waiting.clear();
        waited.forEach(listener -> listener.accept(failed));
    }

    private void closed() {
        boolean broken = ready && !draining;
        draining = true;
        end.closed(this, broken);
        List<Ping> unanswered = List.copyOf(pings);
        pings.clear();
        unanswered.forEach(ping -> ping.lost.run());
    }

    private static String reason(Throwable failure) {
        return failure instanceof ConnectException ? "connection refused"
                : failure.getMessage() != null ? failure.getMessage() : failure.getClass().getSimpleName();
    }
}
