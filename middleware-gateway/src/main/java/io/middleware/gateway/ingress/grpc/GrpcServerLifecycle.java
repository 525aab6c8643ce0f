package io.middleware.gateway.ingress.grpc;

import io.middleware.core.CallHandler;
import io.middleware.core.Ticker;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.GrpcServerInitialized;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.CallerProtocol;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.RequestShape;
import io.middleware.gateway.tls.CallerTls;
import io.middleware.gateway.transport.EventLoops;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Starts the gRPC server with the application, and drains it together with the HTTP server. */
@Component
final class GrpcServerLifecycle implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(GrpcServerLifecycle.class);

    private final GrpcServer server;
    private final InetSocketAddress address;
    private final Duration longestDrain;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    GrpcServerLifecycle(
            EventLoops loops,
            CallHandler calls,
            List<CallerProtocol> protocols,
            Cors cors,
            RequestShape shape,
            Ticker ticker,
            CallReport report,
            GatewaySettings settings,
            ServerProperties http,
            ObjectProvider<CallerTls> tls,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration longestDrain,
            ApplicationEventPublisher events) {
        this.server = new GrpcServer(loops, calls, ticker, report);
        server.serve(new CallerProtocols(protocols, cors, shape));
        server.secure(tls.getIfAvailable());
        server.limit(settings.limits().ofGrpc(settings.grpc().connections()));
        this.address = address(http.getAddress(), settings.grpc().port());
        this.longestDrain = longestDrain;
        this.events = events;
    }

    private static InetSocketAddress address(@Nullable InetAddress host, int port) {
        return host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    @Override
    public void start() {
        try {
            server.start(address);
        } catch (UncheckedIOException taken) {
            throw new GrpcServerFailureAnalyzer.CannotListen(taken);
        }
        running = true;
        log.info("gRPC server listens on {}:{}", address.getHostString(), server.port());
        events.publishEvent(new GrpcServerInitialized(this, server.port()));
    }

    @Override
    public void stop() {
        server.drain(longestDrain);
        running = false;
    }

    @Override
    public void stop(Runnable whenDone) {
        // on another thread, as the HTTP server drains in the same phase at the same time
        Thread.ofVirtual().name("grpc-drain").start(() -> {
            stop();
            whenDone.run();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
