package io.middleware.gateway.warmup;

import io.middleware.core.CallHandler;
import io.middleware.core.RandomSource;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.grpc.GrpcServer;
import io.middleware.gateway.ingress.http.serve.OwnHttpServer;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.slf4j.event.Level;

/**
 * The way of a JSON call with all of its steps: HTTP, transcoding, failover, transport; and, as the only instance, a gRPC server of the
 * gateway's own code. Directory, connections and outlier detection are not those of callers, and no meter counts these calls.
 */
final class OwnChain implements AutoCloseable {
    /** What the instance serves. */
    static final String METHOD = "/grpc.health.v1.Health/Check";

    private static final String SERVICE = "warm-up";
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration MOST_FOR_CLOSING = Duration.ofSeconds(1);

    private final GrpcServer instance;
    private final Http2Transport transport;
    private final Directory directory;
    private final OwnHttpServer http;

    /** {@code services}: respond to {@link #METHOD}. */
    OwnChain(
            EventLoops loops,
            CallHandler services,
            OwnHttpServer.Factory servers,
            Settings settings,
            Ticker ticker,
            CallReport report) {
        InetAddress here = InetAddress.getLoopbackAddress();
        instance = new GrpcServer(loops, services, ticker, report);
        instance.start(new InetSocketAddress(here, 0));
        transport = new Http2Transport(loops, new ConnectionOptions(CONNECT, 1, CONNECT));
        directory = new Directory(
                service -> new PowerOfTwoChoices(),
                Instance::new,
                settings,
                ticker,
                RandomSource.system(),
                Level.DEBUG); // its instance is nobody's business
        String grpcService = METHOD.substring(1, METHOD.indexOf('/', 1));
        directory.update(
                SERVICE,
                List.of(new Registration(
                        "self",
                        here.getHostAddress(),
                        instance.port(),
                        Pool.PRIMARY,
                        1,
                        List.of(grpcService),
                        false,
                        true,
                        1,
                        1)));
        OutlierDetector outliers =
                new OutlierDetector(transport, EventLoops.timers(loops.group().next()), ticker, settings);
        try {
            http = servers.start(new Failover(directory, transport, outliers, settings, ticker));
        } catch (RuntimeException failed) {
            endInstance();
            throw failed;
        }
    }

    /** Returns the port for HTTP, at the loopback address. */
    int port() {
        return http.port();
    }

    /** Closes the ports; connections close soon. */
    @Override
    public void close() {
        http.close();
        directory.services().forEach(service -> service.instances().forEach(transport::retire));
        endInstance();
    }

    private void endInstance() {
        Thread.ofVirtual().name("warm-up-end").start(() -> instance.drain(MOST_FOR_CLOSING));
    }
}
