package io.middleware.gateway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.StreamedLines;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stream of two gateways on real sockets, read from one of them. */
class TapDocumentsTest implements RegistryLookup {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Gateway> listed = new CopyOnWriteArrayList<>();
    private final List<Tap> taps = new ArrayList<>();
    private final List<HttpGateway> gateways = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        taps.forEach(Tap::close);
        gateways.forEach(HttpGateway::close);
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void callsOfBothGateways_areRead_fromEither() throws Exception {
        HttpGateway first = gateway("gateway-1");
        HttpGateway second = gateway("gateway-2");
        List<String> lines = read(first, "?service=HelloService&lang=pt&unknown=%22%20");
        List<String> own = read(second, "?own&format=text");
        await().untilAsserted(() -> {
            hello(first, "from-first");
            hello(second, "from-second");
            assertThat(lines).anyMatch(line -> line.contains("\"callId\":\"from-first\""));
            assertThat(lines).anyMatch(line -> line.contains("\"callId\":\"from-second\""));
            assertThat(own).anyMatch(line -> line.endsWith("  p1  gateway-2  from-second"));
        });

        assertThat(own).noneMatch(line -> line.endsWith("from-first"));
        assertThat(lines)
                .filteredOn(line -> line.contains("from-second"))
                .allMatch(line -> line.contains("\"gateway\":\"gateway-2\""));
    }

    @Test
    void messages_areThereForThoseWhoAsk_fromAllGateways() throws Exception {
        HttpGateway first = gateway("gateway-1");
        HttpGateway second = gateway("gateway-2");
        List<String> lines = read(first, "?messages");
        List<String> text = read(second, "?own&format=text&messages");
        List<String> without = read(second, "?own");
        await().untilAsserted(() -> {
            hello(first, "from-first");
            hello(second, "from-second");
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"responses\":[{\"message\":\"World\"}]"))
                    .anyMatch(line -> line.contains("\"callId\":\"from-first\""))
                    .anyMatch(line -> line.contains("\"callId\":\"from-second\""));
            assertThat(text).anyMatch(line -> line.endsWith("  from-second  > {}  < {\"message\":\"World\"}"));
            assertThat(without).isNotEmpty();
        });

        assertThat(without).noneMatch(line -> line.contains("World"));
    }

    @Test
    void messages_areRefused_whereTheyAreNotShown() {
        TapDocuments documents = new TapDocuments(tap(), new LineForms("gateway-1", null), this::peers, path -> false);
        HttpReply reply = documents
                .find(new ParsedRequest("GET", TapDocuments.PATH, "messages", new DefaultHttpHeaders()), null)
                .block();

        assertThat(reply)
                .isInstanceOfSatisfying(
                        HttpResult.class,
                        refused -> assertThat(refused.status()).isEqualTo(403));
    }

    @Test
    void anyQuery_getsAStream_orIsRefused() {
        List<Throwable> failures = new ArrayList<>();
        TapDocuments documents = new TapDocuments(tap(), new LineForms("gateway-1", null), this::peers, path -> false);
        Random random = new Random(17);
        String some = "code=service=OK&%2,retried&slower-than=10ms\u00e9\"^|+;#?lang=own&format=text%zz";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder query = new StringBuilder();
            while (random.nextInt(6) > 0) {
                int from = random.nextInt(some.length());
                query.append(some, from, Math.min(some.length(), from + 1 + random.nextInt(16)));
            }
            HttpReply reply = documents
                    .find(new ParsedRequest("GET", TapDocuments.PATH, query.toString(), new DefaultHttpHeaders()), null)
                    .block();
            if (reply instanceof HttpResult refused) {
                assertThat(refused.status()).as(query.toString()).isEqualTo(400);
            } else {
                assertThat(reply)
                        .isInstanceOfSatisfying(
                                TapStream.class,
                                stream -> stream.batches()
                                        .subscribe(batch -> {}, failures::add)
                                        .dispose());
            }
        }
        assertThat(failures).isEmpty();
    }

    private Tap tap() {
        Tap tap = new Tap();
        taps.add(tap);
        return tap;
    }

    private PeerTaps peers(String target, Credentials asker, Consumer<String> sink, UnaryOperator<String> refused) {
        // fails if no request can have this target
        GatewayLinks.PLAIN.request("127.0.0.1", 80, target, asker);
        return TapFixture.peers("gateway-1", this, GatewayLinks.PLAIN, target, asker, sink, refused);
    }

    private HttpGateway gateway(String id) throws IOException {
        Server server = NettyServerBuilder.forPort(0)
                .addService(new World())
                .addService(ProtoReflectionServiceV1.newInstance())
                .build()
                .start();
        servers.add(server);
        Tap tap = tap();
        AtomicReference<HttpGateway> self = new AtomicReference<>();
        MessageJson messages =
                new MessageJson(path -> self.get().schemas().schema().methods().get(path));
        HttpGateway gateway = new HttpGateway(parts -> new HttpGateway.Extension(
                new TapDocuments(
                        tap,
                        new LineForms(id, messages),
                        (target, asker, sink, refused) ->
                                TapFixture.peers(id, this, GatewayLinks.PLAIN, target, asker, sink, refused),
                        path -> false),
                tap,
                CallGate.of(List.of(new MessageCapture(tap)))));
        self.set(gateway);
        gateways.add(gateway);
        gateway.register("p1", server.getPort(), Pool.PRIMARY, HelloServiceGrpc.SERVICE_NAME);
        listed.add(new Gateway(id, "127.0.0.1", gateway.port(), true));
        await().until(() -> gateway.schemas().settled());
        return gateway;
    }

    private List<String> read(HttpGateway gateway, String query) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(
                HttpRequest.newBuilder(uri(gateway, TapDocuments.PATH + query)).build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        List<String> lines = new CopyOnWriteArrayList<>();
        StreamedLines.read(response.body(), lines::add);
        return lines;
    }

    private void hello(HttpGateway gateway, String callId) throws IOException, InterruptedException {
        assertThat(http.send(
                                HttpRequest.newBuilder(uri(gateway, "/" + HelloServiceGrpc.SERVICE_NAME + "/SayHello"))
                                        .header("Content-Type", "application/json")
                                        .header("x-call-id", callId)
                                        .POST(BodyPublishers.ofString("{}"))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    private static URI uri(HttpGateway gateway, String target) {
        return URI.create("http://127.0.0.1:" + gateway.port() + target);
    }

    private static final class World extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.newBuilder().setMessage("World").build());
            reply.onCompleted();
        }
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public Duration age() {
        return Duration.ZERO;
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public List<Gateway> gateways() {
        return listed;
    }

    @Override
    public Map<String, Instant> heartbeats() {
        return Map.of();
    }

    @Override
    public List<FaultPort> faultPorts(String service) {
        return List.of();
    }
}
