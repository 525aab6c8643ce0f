package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.starter.MachineAddress;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;

/** The whole application beside a real Consul: it joins, is ready, serves, keeps on in an outage, and leaves. */
@ExtendWith(OutputCaptureExtension.class)
class GatewayIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ID = "gateway-under-test";

    private final int httpPort = FreePorts.next();
    private final int grpcPort = FreePorts.next();
    private final int managementPort = FreePorts.next();
    private ConsulServer consul;
    private CompletableFuture<ConfigurableApplicationContext> gateway = new CompletableFuture<>();

    @BeforeEach
    void startConsul() {
        consul = ConsulServer.forgetful();
    }

    @AfterEach
    void stop() {
        if (gateway.isDone() && !gateway.isCompletedExceptionally()) {
            gateway.join().close();
        }
        consul.close();
    }

    @Test
    void ready_isListedWithItsPorts() {
        start();

        soon().until(() -> status().equals("passing"));
        JsonNode service =
                consul.api().instance("middleware-gateway", ID).orElseThrow().get("Service");
        assertThat(service.get("Address").asString()).isEqualTo("127.0.0.1");
        assertThat(service.get("Port").asInt()).isEqualTo(httpPort);
        assertThat(service.at("/Meta/grpc-port").asString()).isEqualTo(Integer.toString(grpcPort));
        assertThat(service.at("/Meta/metrics-port").asString()).isEqualTo(Integer.toString(managementPort));
        assertThat(service.get("Tags")).isEmpty();
        assertThat(consul.api().get("/v1/agent/services"))
                .as("and nothing else, such as the web server")
                .hasSize(1);
    }

    @Test
    void meters_areReadByPrometheus() {
        start();

        soon().until(() -> readiness() == 200);
        assertThat(get(managementPort, "/actuator/prometheus").body())
                .contains(
                        "middleware_directory_age_seconds ",
                        "middleware_replay_held_bytes 0.0",
                        "middleware_ready 1.0",
                        "middleware_heartbeat_age_seconds 0.0");
    }

    @Test
    void calls_areLoggedAndStreamed_whereAskedFor(CapturedOutput output) throws Exception {
        start(
                nothing -> {},
                "--middleware.gateway.access-log.enabled=true",
                "--middleware.gateway.tap.enabled=true",
                "--logging.structured.format.console=ecs");
        soon().until(() -> readiness() == 200);
        List<String> lines = new CopyOnWriteArrayList<>();
        HttpResponse<Stream<String>> tap = HTTP.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + httpPort + "/dashboard/tap?code=error&service=HelloService"))
                        .build(),
                BodyHandlers.ofLines());
        assertThat(tap.headers().firstValue("content-type")).contains("application/x-ndjson");
        Thread reader = Thread.startVirtualThread(() -> tap.body().forEach(lines::add));
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        assertThatThrownBy(() -> HelloServiceGrpc.newBlockingStub(channel).sayHello(HelloRequest.getDefaultInstance()))
                .hasMessageContaining("UNIMPLEMENTED");
        channel.shutdownNow();

        String line =
                "\"gateway\":\"" + ID + "\",\"path\":\"/hello.v1.HelloService/SayHello\",\"code\":\"UNIMPLEMENTED\"";
        soon().until(() -> lines.stream().anyMatch(each -> each.contains(line)));
        soon().until(() -> output.getOut().contains(line));
        assertThat(output.getOut()).contains("\"service\":{\"name\":\"middleware-gateway\"", "\"name\":\"" + ID + "\"");
        assertThat(get(managementPort, "/actuator/metrics/middleware.access.log.lost")
                        .body())
                .contains("\"value\":0.0");
        assertThat(get(httpPort, "/dashboard/tap?code=BROKEN").statusCode()).isEqualTo(400);
        gateway.join().close();
        assertThat(reader.join(Duration.ofSeconds(10))).as("the stream ends").isTrue();
    }

    @Test
    void chainIsNotShown_whereCallersMayNotKnowInstances() {
        start();
        soon().until(() -> readiness() == 200);

        assertThat(get(httpPort, "/dashboard/").statusCode()).isEqualTo(404);
        assertThat(get(httpPort, "/dashboard/calls").statusCode()).isEqualTo(404);
    }

    @Test
    void chainIsShown_whereCallersMayKnowInstances() {
        start(nothing -> {}, "--middleware.gateway.errors.details=true");
        soon().until(() -> readiness() == 200);

        assertThat(get(httpPort, "/dashboard/").statusCode()).isEqualTo(200);
        assertThat(get(httpPort, "/dashboard/calls").body()).isEqualTo("{\"calls\":[],\"silent\":[],\"withheld\":[]}");
        assertThat(get(httpPort, "/dashboard/calls/none").statusCode()).isEqualTo(404);
        assertThat(get(httpPort, "/dashboard/calls/none?own").body())
                .isEqualTo("{\"calls\":[],\"silent\":[],\"withheld\":[]}");
        assertThat(get(httpPort, "/dashboard/replay").body()).contains("\"different\":0");
        assertThat(get(httpPort, "/dashboard/calls/none?what-if=calls.colour%3Dred")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void callsAreNotStreamed_unlessAskedFor() {
        start();
        soon().until(() -> readiness() == 200);

        assertThat(get(httpPort, "/dashboard/tap").statusCode()).isEqualTo(404);
    }

    @Test
    void withoutConsul_isNotReadyUntilItComes() {
        consul.stop();
        start();

        soon().until(() -> get(managementPort, "/actuator/health/liveness").statusCode() == 200);
        soon().untilAsserted(() -> assertThat(
                        get(managementPort, "/actuator/health/readiness").body())
                .contains("Consul has not sent the instances yet", "no usable response since", "cannot connect"));
        assertThat(readiness()).isEqualTo(503);
        assertThat(accepts(httpPort)).as("where a proxy would send calls to").isFalse();
        assertThat(accepts(grpcPort)).isFalse();

        consul.start();
        soon().until(() -> readiness() == 200);
        soon().until(() -> status().equals("passing"));
        assertThat(accepts(httpPort)).isTrue();
        assertThat(accepts(grpcPort)).isTrue();
    }

    @Test
    void toldToEndWhileItWaitsForConsul_endsWithoutHavingOpened(CapturedOutput output) {
        consul.stop();
        AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
        start(starting::set);
        soon().until(() -> get(managementPort, "/actuator/health/liveness").statusCode() == 200);

        starting.get().close();

        soon().until(gateway::isCompletedExceptionally);
        assertThat(output)
                .contains("told to end before it had opened its ports")
                .doesNotContain("\tat ");
        assertThat(accepts(managementPort)).isFalse();
    }

    @Test
    void machineWithAnotherAddress_isListedAnewByTheSameId() {
        AtomicReference<String> address = new AtomicReference<>("192.0.2.7");
        start(
                context -> ((GenericApplicationContext) context)
                        .registerBean(MachineAddress.class, () -> before -> address.get()),
                "--server.address=0.0.0.0");
        soon().until(() -> listedAt().equals("192.0.2.7"));

        address.set("192.0.2.8");

        soon().until(() -> listedAt().equals("192.0.2.8"));
        assertThat(consul.api().get("/v1/agent/services").propertyNames()).containsExactly(ID);
    }

    @Test
    void machineWithAnotherAddress_connectsToInstancesAnew() throws Exception {
        Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
        Server instance = NettyServerBuilder.forPort(0)
                .addService(new World())
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes transport) {
                        connections.add(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                        return transport;
                    }
                })
                .build()
                .start();
        consul.api()
                .registerInstance(
                        "hello-service",
                        "hello-1",
                        "127.0.0.1",
                        instance.getPort(),
                        "primary",
                        List.of("hello.v1.HelloService"));
        AtomicReference<String> address = new AtomicReference<>("192.0.2.7");
        start(
                context -> ((GenericApplicationContext) context)
                        .registerBean(MachineAddress.class, () -> before -> address.get()),
                "--server.address=0.0.0.0");
        soon().until(() -> listedAt().equals("192.0.2.7"));
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            assertThat(hello(channel)).isEqualTo("World");
            assertThat(hello(channel)).isEqualTo("World");
            int before = connections.size();

            address.set("192.0.2.8");

            soon().until(() -> listedAt().equals("192.0.2.8"));
            assertThat(hello(channel)).isEqualTo("World");
            assertThat(connections).hasSizeGreaterThan(before);
        } finally {
            channel.shutdownNow();
            instance.shutdownNow();
        }
    }

    private static String hello(ManagedChannel channel) {
        return HelloServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Duration.ofSeconds(10))
                .sayHello(HelloRequest.newBuilder().setMessage("Hello").build())
                .getMessage();
    }

    private String listedAt() {
        return consul.api()
                .instance("middleware-gateway", ID)
                .orElseThrow()
                .at("/Service/Address")
                .asString();
    }

    @Test
    void consulForgets_isListedAgain() {
        start();
        soon().until(() -> status().equals("passing"));

        consul.restart();

        soon().until(() -> status().equals("passing"));
    }

    @Test
    void consulDies_staysReadyAndSaysHowOldItsKnowledgeIs() {
        consul.api().registerInstance("greeter", "g-1", "127.0.0.1", FreePorts.next(), "primary", List.of("g.v1.A"));
        start();
        soon().until(() -> readiness() == 200);

        consul.kill();

        soon().untilAsserted(() -> assertThat(
                        get(managementPort, "/actuator/health").body())
                .contains("\"services\":1,\"instances\":1,\"ageSeconds\":", "\"consul\":\"no usable response since 20")
                .doesNotContain("\"ageSeconds\":0"));
        assertThat(get(managementPort, "/actuator/metrics/middleware.directory.age")
                        .body())
                .contains("\"baseUnit\":\"seconds\"")
                .doesNotContain("\"value\":0.0");
        assertThat(get(managementPort, "/actuator/health").statusCode()).isEqualTo(200);
        assertThat(readiness()).isEqualTo(200);
    }

    @Test
    void instances_areToldWithTheirStateAndWhatBecameOfThem() {
        int port = FreePorts.next();
        consul.api().registerInstance("greeter", "g-1", "127.0.0.1", port, "primary", List.of("g.v1.A"));
        start();
        soon().until(() -> readiness() == 200);

        assertThat(get(managementPort, "/actuator/instances").body())
                .contains("\"service\":\"greeter\",\"id\":\"g-1\",\"pool\":\"primary\",\"host\":\"127.0.0.1\",\"port\":"
                        + port)
                .contains("\"standing\":\"passing\"")
                .contains("\"service\":\"greeter\",\"instance\":\"g-1\",\"change\":\"came\"");
    }

    @Test
    void stopping_leavesConsulBeforeItStopsToServe() throws Exception {
        start(nothing -> {}, "--middleware.gateway.drain-delay=3s");
        soon().until(() -> status().equals("passing"));

        ConfigurableApplicationContext context = gateway.get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);

        soon().until(() -> status().equals("absent"));
        assertThat(closed).isNotDone();
        assertThat(get(httpPort, "/nowhere").headers().firstValue("middleware-gateway"))
                .hasValue(ID);
        assertThat(accepts(grpcPort)).isTrue();
        closed.get(20, TimeUnit.SECONDS);
        assertThat(accepts(httpPort)).isFalse();
        assertThat(accepts(grpcPort)).isFalse();
    }

    @Test
    void http_isServedOnTheEventLoopsThatCarryCalls() {
        start();
        soon().until(() -> readiness() == 200);

        TellThread.THREADS.clear();
        assertThat(get(httpPort, "/nowhere").statusCode()).isEqualTo(404);
        assertThat(TellThread.THREADS).isNotEmpty().allMatch(name -> name.startsWith("call-"));
    }

    @Test
    void actuator_isOnTheManagementPortOnly() {
        start();
        soon().until(() -> readiness() == 200);

        assertThat(get(httpPort, "/actuator/health").statusCode()).isEqualTo(404);
        assertThat(get(managementPort, "/actuator/metrics/jvm.memory.used").statusCode())
                .isEqualTo(200);
        assertThat(get(managementPort, "/actuator/env").statusCode()).isEqualTo(404);
    }

    @Test
    void grpcCall_isAnsweredByARegisteredInstance() throws Exception {
        Server instance =
                NettyServerBuilder.forPort(0).addService(new World()).build().start();
        consul.api()
                .registerInstance(
                        "hello-service",
                        "hello-1",
                        "127.0.0.1",
                        instance.getPort(),
                        "primary",
                        List.of("hello.v1.HelloService"));
        start();
        soon().until(() -> readiness() == 200);

        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            assertThat(hello(channel)).isEqualTo("World");
        } finally {
            channel.shutdownNow();
            instance.shutdownNow();
        }
    }

    @Test
    void serverThatIsGone_leavesItsLastGoodAnswerToCallersOfEitherKind(CapturedOutput output) throws Exception {
        Server instance = NettyServerBuilder.forPort(0)
                .addService(new World())
                .addService(ProtoReflectionServiceV1.newInstance())
                .build()
                .start();
        consul.api()
                .registerInstance(
                        "hello-service",
                        "hello-1",
                        "127.0.0.1",
                        instance.getPort(),
                        "primary",
                        List.of("hello.v1.HelloService"));
        start(
                nothing -> {},
                "--middleware.gateway.calls.stale.methods=hello.v1.HelloService/SayHello,hello.v1.HelloService/Converse");
        soon().until(() -> readiness() == 200);
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            assertThat(hello(channel)).isEqualTo("World");
            instance.shutdownNow();
            soon().until(instance::isTerminated);

            assertThat(hello(channel)).isEqualTo("World");
            HttpResponse<String> answer = get(httpPort, "/hello?message=Hello");
            assertThat(answer.body()).isEqualTo("{\"message\":\"World\"}");
            assertThat(answer.headers().firstValue("middleware-fallback")).hasValue("stale");
            assertThat(get(httpPort, "/hello?message=Hola").statusCode()).isEqualTo(503);
            assertThat(get(managementPort, "/actuator/prometheus").body())
                    .containsPattern("middleware_stale_held_bytes [1-9]");
            assertThat(output)
                    .containsOnlyOnce("no stale response of hello.v1.HelloService/Converse is kept: it is not unary");
        } finally {
            channel.shutdownNow();
            instance.shutdownNow();
        }
    }

    @Test
    void wrongSetting_stopsTheStartAndNamesTheRange(CapturedOutput output) {
        start(nothing -> {}, "--middleware.gateway.calls.attempts=0");

        soon().until(gateway::isCompletedExceptionally);
        assertThat(output)
                .contains(
                        "Failed to bind properties under 'middleware.gateway.calls'",
                        "attempts: 0 (expected: 1 to 100)")
                .doesNotContain("\tat ");
    }

    @Test
    void misspeltSetting_stopsTheStartAndNamesTheNearest(CapturedOutput output) {
        start(nothing -> {}, "--middleware.gateway.calls.unary-deadlin=1s");

        soon().until(gateway::isCompletedExceptionally);
        assertThat(output)
                .contains("There is no setting middleware.gateway.calls.unary-deadlin."
                        + " The nearest setting is middleware.gateway.calls.unary-deadline.")
                .doesNotContain("\tat ");
    }

    @Test
    void withoutConsul_aGatewayCannotBe(CapturedOutput output) {
        start(nothing -> {}, "--spring.cloud.consul.enabled=false");

        soon().until(gateway::isCompletedExceptionally);
        assertThat(output)
                .contains(
                        "spring.cloud.consul.enabled is false, but a gateway finds the instances of services in Consul")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.cloud.discovery.enabled",
                "spring.cloud.service-registry.enabled",
                "spring.cloud.service-registry.auto-registration.enabled",
                "spring.cloud.consul.service-registry.enabled",
                "spring.cloud.consul.service-registry.auto-registration.enabled",
                "spring.cloud.consul.discovery.register"
            })
    void switchedOffRegistration_servesAndStaysOutOfConsul(String name, CapturedOutput output) {
        start(nothing -> {}, "--" + name + "=false");

        soon().until(() -> readiness() == 200);
        assertThat(output).contains("this gateway is not listed in Consul: " + name + " is false");
        assertThat(consul.api().get("/v1/agent/services")).isEmpty();
    }

    @Test
    void takenGrpcPort_stopsTheStartAndNamesIt(CapturedOutput output) throws IOException {
        try (ServerSocket taker = new ServerSocket(grpcPort, 1, InetAddress.getLoopbackAddress())) {
            start();
            soon().until(gateway::isCompletedExceptionally);
            assertThat(taker.isBound()).isTrue();
        }
        assertThat(output)
                .contains("gRPC cannot listen on /127.0.0.1:" + grpcPort, "middleware.gateway.grpc.port")
                .doesNotContain("\tat ");
    }

    private void start() {
        start(nothing -> {});
    }

    private void start(ApplicationContextInitializer<ConfigurableApplicationContext> initializer, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=" + httpPort,
                "--middleware.gateway.grpc.port=" + grpcPort,
                "--management.server.port=" + managementPort,
                "--middleware.gateway.id=" + ID,
                "--middleware.gateway.drain-delay=0s",
                "--spring.cloud.consul.host=" + consul.host(),
                "--spring.cloud.consul.port=" + consul.port()));
        for (String argument : more) {
            arguments.removeIf(each -> each.startsWith(argument.substring(0, argument.indexOf('=') + 1)));
            arguments.add(argument);
        }
        gateway = CompletableFuture.supplyAsync(
                () -> new SpringApplicationBuilder(GatewayApplication.class, TellThread.class)
                        .initializers(initializer)
                        .registerShutdownHook(false)
                        .run(arguments.toArray(String[]::new)),
                task -> new Thread(task, "main").start());
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions();
    }

    private String status() {
        return consul.api().status("middleware-gateway", ID);
    }

    private int readiness() {
        return get(managementPort, "/actuator/health/readiness").statusCode();
    }

    private static HttpResponse<String> get(int port, String path) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException("GET " + path, failed);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** Takes down the names of the threads that connections for HTTP are served on. */
    @Configuration(proxyBeanMethods = false)
    static class TellThread {
        static final Set<String> THREADS = ConcurrentHashMap.newKeySet();

        @Bean
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> threads() {
            return factory -> factory.addServerCustomizers(server -> server.doOnConnection(
                    connection -> THREADS.add(Thread.currentThread().getName())));
        }
    }

    private static final class World extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.newBuilder().setMessage("World").build());
            reply.onCompleted();
        }
    }
}
