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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;

/** One event loop's connection to one instance, from the attempt to connect until its last stream has ended. */
final class Connection {
    private final Instance instance;
    private final Consumer<Connection> onClosed;
    private final Channel channel;
    private final FlushBatch flushes;
    private final Http2StreamChannelBootstrap streams;
    private final Map<Long, Runnable> pings = new HashMap<>();
    private List<ServerStream> waiting = new ArrayList<>(2);
    private List<Consumer<Outcome>> whenReady = new ArrayList<>(0);
    private boolean ready;
    private boolean draining;
    private int open;
    private long lastPing;

    Connection(EventLoops loops, EventLoop loop, Instance instance, Http2Transport.Options options,
               Consumer<Connection> onClosed) {
        this.instance = instance;
        this.onClosed = onClosed;
        Registration at = instance.registration();
        ChannelFuture connecting = new Bootstrap().group(loop).channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new Pipeline())
                .connect(new InetSocketAddress(at.host(), at.port()));
        this.channel = connecting.channel();
        this.flushes = new FlushBatch(channel);
        this.streams = new Http2StreamChannelBootstrap(channel);
        connecting.addListener(done -> connected(done.cause(), options));
    }

    /** False: another connection is to be made. */
    boolean takesStreams() {
        return !draining;
    }

    /** Opens a stream when there is a connection; what went wrong is told to the stream. */
    void open(ServerStream stream) {
        open++;
        stream.bind(this);
        if (ready) {
            begin(stream);
        } else {
            waiting.add(stream);
        }
    }

    /** Tells once whether the connection stands: null, or why it does not. */
    void whenReady(Consumer<Outcome> listener) {
        if (ready) {
            listener.accept(null);
        } else {
            whenReady.add(listener);
        }
    }

    /** Runs {@code answered} when the server has answered a ping, if it ever does. */
    void ping(Runnable answered) {
        pings.put(++lastPing, answered);
        channel.writeAndFlush(new DefaultHttp2PingFrame(lastPing));
    }

    void flushSoon() {
        flushes.soon();
    }

    /** No more streams; closed when the last one has ended. */
    void drain() {
        draining = true;
        if (open == 0) {
            channel.close();
        }
    }

    void streamEnded() {
        open--;
        if (draining && open == 0) {
            channel.close();
        }
    }

    private void begin(ServerStream stream) {
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
        Outcome outcome = null;
        if (failure == null) {
            ready = true;
            channel.closeFuture().addListener(closed -> closed());
        } else {
            outcome = Outcome.unreachable(failure instanceof ConnectTimeoutException
                    ? "no connection within " + options.connectTimeout().toMillis() + " ms" : reason(failure));
            draining = true;
            onClosed.accept(this);
        }
        List<ServerStream> streamsThatWaited = waiting;
        List<Consumer<Outcome>> listenersThatWaited = whenReady;
        waiting = List.of();
        whenReady = List.of();
        for (ServerStream stream : streamsThatWaited) {
            if (failure == null) {
                begin(stream);
            } else {
                stream.fail(outcome);
            }
        }
        for (Consumer<Outcome> listener : listenersThatWaited) {
            listener.accept(outcome);
        }
    }

    private void closed() {
        draining = true;
        onClosed.accept(this);
    }

    private static String reason(Throwable failure) {
        return failure instanceof ConnectException ? "connection refused"
                : failure.getMessage() != null ? failure.getMessage() : failure.getClass().getSimpleName();
    }

    @Override
    public String toString() {
        return "connection to " + instance;
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel connection) {
            Http2FrameCodecBuilder codec = Http2.tune(Http2FrameCodecBuilder.forClient());
            codec.initialSettings().pushEnabled(false);
            connection.pipeline().addLast(
                    // a stream above the server's limit waits until another has ended
                    codec.encoderEnforceMaxConcurrentStreams(true).build(),
                    new Http2MultiplexHandler(new RefusePush()),
                    new Frames());
        }
    }

    /** What concerns the connection and no stream. */
    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.write(new DefaultHttp2WindowUpdateFrame(Http2.windowIncrement()));
            ctx.flush();
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2PingFrame ping && ping.ack()) {
                Runnable answered = pings.remove(ping.content());
                if (answered != null) {
                    answered.run();
                }
            } else if (frame instanceof Http2GoAwayFrame) {
                // the streams hear of it themselves; whoever comes next gets another connection
                drain();
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            // the streams end in doubt as the connection closes; that says it all
            ctx.close();
        }
    }

    /** No server may open streams to a gateway. */
    private static final class RefusePush extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.close();
        }
    }
}
