package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.CallHandler;
import io.middleware.core.Settings;
import io.middleware.core.StickyRules;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.record.CallListener;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.connect.ConnectProtocol;
import io.middleware.gateway.ingress.envelope.StreamMethods;
import io.middleware.gateway.ingress.envelope.StreamServices;
import io.middleware.gateway.ingress.grpc.GrpcServer;
import io.middleware.gateway.ingress.grpcjson.GrpcJson;
import io.middleware.gateway.ingress.grpcweb.GrpcWeb;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.document.SchemaDocuments;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.JsonMemory;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.ingress.local.LocalServices;
import io.middleware.gateway.reflection.CatalogWatch;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.stale.StaleResponseCache;
import io.middleware.gateway.sticky.RequestKeys;
import io.middleware.gateway.tls.CallerTls;
import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.util.unit.DataSize;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The way of a JSON call through the gateway on real sockets, without registry and application context. */
public final class HttpGateway implements AutoCloseable {
    static final int LARGEST = 4 << 20;

    private final EventLoops loops;
    private final List<Registration> registrations = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Directory directory;
    private final SchemaWatch schemas;
    private final HttpIngress ingress;
    private final DisposableServer server;
    private final GrpcServer grpc;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong passed = new AtomicLong();
    private long index;

    HttpGateway() {
        this(true);
    }

    /** {@code details}: whether callers may know instances and routes. */
    HttpGateway(boolean details) {
        this(2, null, BodyBudget.ofHeap(), null, details, DataSize.ofBytes(LARGEST), Cors.NONE);
    }

    HttpGateway(DataSize largest) {
        this(2, null, BodyBudget.ofHeap(), null, true, largest, Cors.NONE);
    }

    /** {@code cors}: which pages may read responses. */
    HttpGateway(Cors cors) {
        this(2, null, BodyBudget.ofHeap(), null, true, DataSize.ofBytes(LARGEST), cors);
    }

    /** {@code policy}: what stale responses are kept of. */
    HttpGateway(StaleResponses.Policy policy) {
        this(2, policy, BodyBudget.ofHeap(), null, true, DataSize.ofBytes(LARGEST), Cors.NONE);
    }

    /** All calls on one event loop; {@code large}: what works on large bodies. */
    HttpGateway(BodyBudget bodies, Executor large) {
        this(1, null, bodies, large, true, DataSize.ofBytes(LARGEST), Cors.NONE);
    }

    /** {@code gate}: around all calls. */
    HttpGateway(BodyBudget bodies, CallGate gate) {
        this(
                2,
                null,
                bodies,
                null,
                true,
                DataSize.ofBytes(LARGEST),
                Cors.NONE,
                parts -> new Extension(Documents.NONE, null, gate));
    }

    /** {@code more}: what it serves besides methods and their documents. */
    public HttpGateway(Extension.Factory more) {
        this(2, null, BodyBudget.ofHeap(), null, true, DataSize.ofBytes(LARGEST), Cors.NONE, more);
    }

    /** What a gateway can have more. {@code listener}, {@code tls}: null for none; {@code gate}: around all calls and documents. */
    public record Extension(
            Documents documents,
            @Nullable CallListener listener,
            CallGate gate,
            @Nullable CallerTls tls) {
        public Extension(Documents documents, @Nullable CallListener listener, CallGate gate) {
            this(documents, listener, gate, null);
        }

        public Extension(Documents documents, @Nullable CallListener listener) {
            this(documents, listener, CallGate.NONE);
        }

        static final Factory NONE = parts -> new Extension(Documents.NONE, null);

        /** Makes it from the parts of a gateway. */
        @FunctionalInterface
        public interface Factory {
            Extension of(Parts parts);
        }
    }

    /** Parts of a gateway. */
    public record Parts(Directory directory, OutlierDetector outliers, EventLoops loops, Ticker ticker) {}

    private HttpGateway(
            int threads,
            StaleResponses.Policy policy,
            BodyBudget bodies,
            Executor large,
            boolean details,
            DataSize largest,
            Cors cors) {
        this(threads, policy, bodies, large, details, largest, cors, Extension.NONE);
    }

    /** What callers may have of the port for HTTP. */
    HttpGateway(CallerLimits limits) {
        this(2, null, BodyBudget.ofHeap(), null, true, DataSize.ofBytes(LARGEST), Cors.NONE, Extension.NONE, limits);
    }

    private HttpGateway(
            int threads,
            StaleResponses.Policy policy,
            BodyBudget bodies,
            Executor large,
            boolean details,
            DataSize largest,
            Cors cors,
            Extension.Factory more) {
        this(threads, policy, bodies, large, details, largest, cors, more, CallerLimits.USUAL);
    }

    private HttpGateway(
            int threads,
            StaleResponses.Policy policy,
            BodyBudget bodies,
            Executor large,
            boolean details,
            DataSize largest,
            Cors cors,
            Extension.Factory more,
            CallerLimits limits) {
        loops = new EventLoops(threads);
        Http2Transport transport =
                new Http2Transport(loops, new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));
        Settings settings = Settings.defaults();
        Ticker ticker = () -> System.nanoTime() + passed.get();
        directory = new Directory(service -> new PowerOfTwoChoices(), Instance::new, settings, ticker);
        OutlierDetector outliers =
                new OutlierDetector(transport, EventLoops.timers(loops.group().next()), ticker, settings);
        Extension extension = more.of(new Parts(directory, outliers, loops, ticker));
        schemas = new SchemaWatch(directory, transport, loops, OwnServices.methods());
        outliers.describeWith(schemas::describe);
        schemas.start();
        Failover failover = new Failover(
                directory,
                transport,
                outliers,
                settings,
                ticker,
                RequestKeys.of(directory, schemas),
                policy == null
                        ? null
                        : new StaleResponses(
                                policy, new StaleResponseCache(1 << 20, 1 << 16, Duration.ofHours(1), ticker), ticker),
                extension.listener(),
                null);
        Router router = new Router(directory, schemas, details);
        CallHandler ungated = new LocalServices(
                failover, directory, new CatalogWatch(directory, schemas::schema)::catalog, () -> true, ticker);
        CallHandler calls = extension.gate().around(ungated);
        ingress = new HttpIngress(
                router,
                Documents.of(List.of(
                        details ? new SchemaDocuments(router, directory, loops, true) : Documents.NONE,
                        extension.documents())),
                ungated,
                extension.gate(),
                loops,
                ticker,
                HttpOptions.of(new CallReport("gateway-1", details), settings.unaryDeadline(), largest, cors),
                bodies,
                large == null
                        ? JsonWorkers.onThreads(JsonMemory.ofHeap(), ticker)
                        : new JsonWorkers(large, JsonMemory.ofHeap(), ticker));
        HttpServer http = HttpServer.create().httpRequestDecoder(decoder -> decoder.maxHeaderSize(72 << 10));
        server = HttpGuard.on(HttpDoor.on(HttpVersions.on(http, extension.tls()), limits), "gateway-1", cors)
                .host("127.0.0.1")
                .port(0)
                .channelGroup(connections)
                .runOn(useNative -> loops.group())
                .handle(ingress)
                .bindNow();
        grpc = new GrpcServer(loops, calls, ticker, new CallReport("gateway-1", details));
        StreamMethods methods = new StreamMethods(directory, schemas, true);
        StreamServices services = new StreamServices(
                methods, JsonWorkers.onThreads(JsonMemory.ofHeap(), ticker), bodies, ticker, (int) largest.toBytes());
        grpc.serve(new CallerProtocols(
                List.of(new GrpcWeb(), new ConnectProtocol(services), new GrpcJson(services)), cors, methods));
        grpc.start(new InetSocketAddress("127.0.0.1", 0));
    }

    public HttpGateway register(String id, int port, Pool pool, String... grpcServices) {
        return register(false, id, port, pool, grpcServices);
    }

    /** {@code keys}: whether it says that it honours idempotency keys. */
    HttpGateway register(boolean keys, String id, int port, Pool pool, String... grpcServices) {
        index++;
        registrations.removeIf(r -> r.id().equals(id));
        registrations.add(
                new Registration(id, "127.0.0.1", port, pool, 1, List.of(grpcServices), keys, true, index, index));
        directory.update("service", registrations);
        directory.markLoaded();
        return this;
    }

    /** Registers a server whose calls are sticky by these rules. */
    public HttpGateway registerSticky(String id, int port, String rules, String... grpcServices) {
        index++;
        registrations.removeIf(r -> r.id().equals(id));
        registrations.add(new Registration(
                id,
                "",
                "127.0.0.1",
                port,
                Pool.PRIMARY,
                1,
                List.of(grpcServices),
                false,
                Registration.Status.PASSING,
                index,
                index,
                false,
                StickyRules.parse(rules),
                ""));
        directory.update("service", registrations);
        directory.markLoaded();
        return this;
    }

    /** The registry loses all, for longer than the directory doubts it. */
    void deregisterAll() {
        registrations.clear();
        directory.update("service", registrations);
        pass(Duration.ofMinutes(2));
        directory.expire();
    }

    /** Turns the gateway's clock on. */
    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    public Directory directory() {
        return directory;
    }

    public SchemaWatch schemas() {
        return schemas;
    }

    /** It is going to end, and says so. */
    void drain() {
        ingress.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.REFUSING_TRAFFIC));
    }

    /** Of callers, open at the moment. */
    int connections() {
        return connections.size();
    }

    /** Returns the port for gRPC, on the same event loops. */
    public int grpcPort() {
        return grpc.port();
    }

    public int port() {
        return server.port();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from the gateway", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** A POST, not sent yet. */
    HttpRequest.Builder json(String path, String json) {
        return request(path).POST(BodyPublishers.ofString(json)).header("Content-Type", "application/json");
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** With JSON; headers as name, value, name, value. */
    public HttpResponse<String> post(String path, String json, String... headers) {
        return json("POST", path, json, headers);
    }

    public HttpResponse<String> json(String verb, String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path).method(verb, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    @Override
    public void close() {
        client.close();
        server.disposeNow();
        grpc.drain(Duration.ZERO);
        loops.close();
    }
}
