package io.middleware.gateway.transport;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;

/** One event loop's connection to one instance, from the attempt to connect until its last stream has ended. */
final class Connection {
    private final Instance instance;
    private final Consumer<Connection> onClosed;
    private final Map<Long, Runnable> pings = new HashMap<>();
    private final List<Consumer<Outcome>> waiting = new ArrayList<>(2);
    private Channel channel;
    private FlushBatch flushes;
    private Http2StreamChannelBootstrap streams;
    private Outcome failed;
    private boolean ready;
    private boolean draining;
    private int open;
    private long lastPing;

    Connection(Instance instance, Consumer<Connection> onClosed) {
        this.instance = instance;
        this.onClosed = onClosed;
    }

    void connect(EventLoops loops, EventLoop loop, Http2Transport.Options options) {
        Registration at = instance.registration();
        ChannelFuture connecting = new Bootstrap().group(loop).channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ConnectionPipeline(this))
                .connect(new InetSocketAddress(at.host(), at.port()));
        channel = connecting.channel();
        flushes = new FlushBatch(channel);
        streams = new Http2StreamChannelBootstrap(channel);
        connecting.addListener(done -> connected(done.cause(), options));
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

    /** Runs {@code answered} when the server has answered a ping, if it ever does. */
    void ping(Runnable answered) {
        pings.put(++lastPing, answered);
        channel.writeAndFlush(new DefaultHttp2PingFrame(lastPing));
    }

    void pinged(long ping) {
        Runnable answered = pings.remove(ping);
        if (answered != null) {
            answered.run();
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
            failed = Outcome.unreachable(failure instanceof ConnectTimeoutException
                    ? "no connection within " + options.connectTimeout().toMillis() + " ms" : reason(failure));
            closed();
        }
        List<Consumer<Outcome>> waited = List.copyOf(waiting);
        waiting.clear();
        waited.forEach(listener -> listener.accept(failed));
    }

    private void closed() {
        draining = true;
        onClosed.accept(this);
    }

    private static String reason(Throwable failure) {
        return failure instanceof ConnectException ? "connection refused"
                : failure.getMessage() != null ? failure.getMessage() : failure.getClass().getSimpleName();
    }
}
