package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.CallHandler;
import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.EventLoops;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A server for calls of the gateway's own: as that of callers, but at a free port of the loopback address, and without TLS. */
public final class OwnHttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OwnHttpServer.class);
    private static final Duration MOST_FOR_CLOSING = Duration.ofSeconds(1);

    private final DisposableServer server;

    /** Starts such servers. */
    @FunctionalInterface
    public interface Factory {
        /** Starts one; {@code calls}: starts its calls. */
        OwnHttpServer start(CallHandler calls);
    }

    OwnHttpServer(HttpIngress ingress, HttpOptions options, EventLoops loops) {
        HttpServer http = HttpVersions.on(HttpServer.create(), null);
        server = HttpDoor.on(HttpGuard.on(http, options.report().gatewayId(), options.cors()), CallerLimits.USUAL)
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(0)
                .runOn(useNative -> loops.group())
                .handle(ingress)
                .bindNow();
    }

    public int port() {
        return server.port();
    }

    /** Returns when its port is closed or, on a busy machine, before that. */
    @Override
    public void close() {
        try {
            server.disposeNow(MOST_FOR_CLOSING);
        } catch (IllegalStateException stillClosing) {
            log.debug("closes later: {}", stillClosing.getMessage());
        }
    }
}
