package io.middleware.gateway;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
import io.middleware.core.StickyKeys;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.TraceSource;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.connect.ConnectProtocol;
import io.middleware.gateway.ingress.envelope.StreamMethods;
import io.middleware.gateway.ingress.envelope.StreamServices;
import io.middleware.gateway.ingress.grpc.GrpcServer;
import io.middleware.gateway.ingress.grpcjson.GrpcJson;
import io.middleware.gateway.ingress.grpcweb.GrpcWeb;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.JsonMemory;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.stale.StaleResponseCache;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The way of a call through the gateway on real sockets, without registry and framework. */
public final class GatewayHarness implements AutoCloseable {
    /** The gRPC service that its servers have. */
    public static final String SERVICE = "hello.v1.HelloService";

    private final EventLoops loops = new EventLoops(2);
    private final Http2Transport transport;
    private final List<Registration> registrations = new ArrayList<>();
    private final Directory directory;
    private volatile CallListener listener = record -> {};
    private volatile TraceSource traces = call -> null;
    private final Failover failover;
    private final GrpcServer server;
    private final ManagedChannel channel;
    private final OutlierDetector outliers;
    private SchemaWatch schemas;

    public GatewayHarness() {
        this(Settings.defaults());
    }

    public GatewayHarness(Settings settings) {
        this(settings, null);
    }

    /** {@code policy}: what last good answers are kept of; null for none. */
    public GatewayHarness(Settings settings, StaleResponses.Policy policy) {
        this(settings, policy, new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));
    }

    /** {@code connections}: how the gateway connects to servers. None of these counts as silent, busy as the machine may be. */
    public GatewayHarness(ConnectionOptions connections) {
        this(patient(Settings.defaults()), null, connections);
    }

    private static Settings patient(Settings s) {
        Duration never = Duration.ofSeconds(60);
        return new Settings(
                s.unaryDeadline(),
                s.attempts(),
                s.firstBackOff(),
                s.budget(),
                s.replay(),
                s.ejection(),
                s.hedge(),
                new Settings.Silence(never, never, never),
                s.limit());
    }

    /** Makes one that hedges no call, busy as the machine may be. */
    public static GatewayHarness withoutHedges() {
        Settings s = Settings.defaults();
        Duration never = Duration.ofSeconds(60);
        return new GatewayHarness(new Settings(
                s.unaryDeadline(),
                s.attempts(),
                s.firstBackOff(),
                s.budget(),
                s.replay(),
                s.ejection(),
                new Settings.Hedge(never, never, never),
                s.silence(),
                s.limit()));
    }

    /** Replaces what gets the records of calls. */
    public void listen(CallListener newer) {
        listener = newer;
    }

    /** Replaces what says which trace a call belongs to. */
    public void trace(TraceSource newer) {
        traces = newer;
    }

    private GatewayHarness(Settings settings, StaleResponses.Policy policy, ConnectionOptions connections) {
        transport = new Http2Transport(loops, connections);
        Ticker ticker = Ticker.system();
        directory = new Directory(service -> new PowerOfTwoChoices(), Instance::new, settings, ticker);
        outliers =
                new OutlierDetector(transport, EventLoops.timers(loops.group().next()), ticker, settings);
        transport.whenBroken(outliers::connectionBroke);
        failover = new Failover(
                directory,
                transport,
                outliers,
                settings,
                ticker,
                StickyKeys.NONE,
                policy == null
                        ? null
                        : new StaleResponses(
                                policy, new StaleResponseCache(1 << 20, 1 << 16, Duration.ofHours(1), ticker), ticker),
                record -> listener.onEnd(record),
                call -> traces.of(call));
        directory.listen(change -> {
            if (change.kind() == InstanceChange.Kind.GONE) {
                transport.retire(change.instance());
            }
        });
        directory.listenToUse((service, instance, inUse) -> {
            if (!inUse) {
                transport.retire(instance);
            }
        });
        server = new GrpcServer(loops, failover, ticker, new CallReport("gateway-1", true));
        server.start(new InetSocketAddress("127.0.0.1", 0));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .maxInboundMetadataSize(1 << 20)
                .disableRetry()
                .build();
    }

    /**
     * Serves gRPC-Web and Connect besides gRPC; JSON with the descriptors that servers give by reflection.
     *
     * @param largest bytes of a message that is translated
     */
    public GatewayHarness serveOtherProtocols(int largest, BodyBudget bodies) {
        Ticker ticker = Ticker.system();
        schemas = new SchemaWatch(directory, transport, loops);
        outliers.describeWith(schemas::describe);
        schemas.start();
        JsonWorkers workers = JsonWorkers.onThreads(JsonMemory.ofHeap(), ticker);
        StreamMethods methods = new StreamMethods(directory, schemas, true);
        StreamServices services = new StreamServices(methods, workers, bodies, ticker, largest);
        server.serve(new CallerProtocols(
                List.of(new GrpcWeb(), new ConnectProtocol(services), new GrpcJson(services)),
                Cors.of(List.of("https://shop.example")),
                methods));
        return this;
    }

    /** Registers a server on this port for the gRPC service. */
    public GatewayHarness register(String id, int port, Pool pool, String grpcService) {
        return register(id, "127.0.0.1", port, pool, grpcService);
    }

    /** The same on this host. */
    public GatewayHarness register(String id, String host, int port, Pool pool, String grpcService) {
        registrations.removeIf(r -> r.id().equals(id));
        registrations.add(new Registration(id, host, port, pool, 1, List.of(grpcService), false, true, 1, 1));
        directory.update("service", registrations);
        return this;
    }

    /** Registers a server whose port speaks TLS, by its metadata. */
    public GatewayHarness registerTls(String id, int port, Pool pool) {
        registrations.removeIf(r -> r.id().equals(id));
        registrations.add(new Registration(
                id, "", "127.0.0.1", port, pool, 1, List.of(SERVICE), false, Registration.Status.PASSING, 1, 1, true));
        directory.update("service", registrations);
        return this;
    }

    /** The registry lists this server no longer. */
    public void unregister(String id) {
        registrations.removeIf(r -> r.id().equals(id));
        directory.update("service", registrations);
    }

    /** What a descriptor would say of a method. */
    public GatewayHarness describe(String path, MethodTraits traits) {
        directory.services().getFirst().describe(Map.of(path, traits));
        return this;
    }

    public Instance instance(String id) {
        return directory.services().getFirst().candidates().all().stream()
                .filter(i -> i.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    public Directory directory() {
        return directory;
    }

    public Failover failover() {
        return failover;
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** Returns what servers have described; null if it serves gRPC only. */
    public SchemaWatch schemas() {
        return schemas;
    }

    public GrpcServer server() {
        return server;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.drain(Duration.ofSeconds(1));
        loops.close();
    }
}
