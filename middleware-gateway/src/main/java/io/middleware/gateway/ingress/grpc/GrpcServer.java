package io.middleware.gateway.ingress.grpc;

import io.middleware.core.CallHandler;
import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.tls.CallerTls;
import io.middleware.gateway.transport.CallerCodec;
import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.CallerPatience;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listens for gRPC over HTTP/2, and starts a call for each stream. */
public final class GrpcServer {
    /** Time between the first GOAWAY and the one that refuses new calls on open connections. */
    private static final Duration LAST_CALLS = Duration.ofMillis(200);

    private final EventLoops loops;
    private final CallHandler calls;
    private final Ticker ticker;
    private final CallReport report;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private volatile CallerLimits limits = CallerLimits.USUAL;
    private volatile CallerProtocols protocols = CallerProtocols.NONE;
    private volatile @Nullable CallerTls tls;
    /** Null until it has started. */
    private @Nullable Channel listener;

    public GrpcServer(EventLoops loops, CallHandler calls, Ticker ticker, CallReport report) {
        this.loops = loops;
        this.calls = calls;
        this.ticker = ticker;
        this.report = report;
    }

    /** Sets what callers may have. Further connections are closed at once. */
    public void limit(CallerLimits callers) {
        limits = callers;
    }

    /** Sets the protocols that are served besides gRPC. */
    public void serve(CallerProtocols others) {
        protocols = others;
    }

    /** Has callers speak TLS. {@code tls}: null for none. */
    public void secure(@Nullable CallerTls tls) {
        this.tls = tls;
    }

    /**
     * Starts to listen.
     *
     * @param address port 0 for any that is free
     * @throws java.io.UncheckedIOException the port is taken, or the address is not this machine's
     */
    public void start(InetSocketAddress address) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        EventLoops.endDeadConnections(bootstrap::childOption);
        var binding = bootstrap
                .group(loops.group())
                .channel(loops.serverSocket())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline())
                .bind(address)
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new java.io.UncheckedIOException(new java.io.IOException(
                    "gRPC cannot listen on " + address + ": " + binding.cause().getMessage()));
        }
        listener = binding.channel();
    }

    public int port() {
        return ((InetSocketAddress) listener().localAddress()).getPort();
    }

    /**
     * Takes no more calls, and waits until those in flight have ended, at most for {@code most}. New calls are refused
     * only a moment after the GOAWAY, so that calls that callers sent before they got it are still served.
     */
    public void drain(Duration most) {
        listener().close().awaitUninterruptibly();
        var gone = connections.newCloseFuture();
        // first a GOAWAY that refuses nothing, then one with the last stream that was accepted: closing alone sends no
        // second one
        forEachCaller(CallerCodec::announceEnd);
        loops.group().schedule(() -> forEachCaller(CallerCodec::end), LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
        gone.awaitUninterruptibly(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void forEachCaller(Consumer<CallerCodec> action) {
        connections.forEach(connection -> connection.eventLoop().execute(() -> {
            CallerCodec codec = connection.pipeline().get(CallerCodec.class);
            if (codec != null) {
                action.accept(codec);
            }
        }));
    }

    private Channel listener() {
        return Objects.requireNonNull(listener, "the server has not started");
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel connection) {
            CallerLimits callers = limits;
            if (connections.size() >= callers.connections()) {
                connection.close();
                return;
            }
            connections.add(connection);
            CallerTls secure = tls;
            if (secure != null) {
                secure.addTo(connection);
            }
            CallerConnection caller =
                    new CallerConnection(connection, new CallServices(calls, ticker, report, protocols));
            CallerCodec codec = Http2.withCaller(callers, caller);
            CallerPatience patience = new CallerPatience(callers, () -> codec.streams() > 0);
            caller.awaitedBy(patience);
            codec.gracefulShutdownTimeoutMillis(TimeUnit.MINUTES.toMillis(1));
            connection.pipeline().addLast(patience, codec);
        }
    }
}
