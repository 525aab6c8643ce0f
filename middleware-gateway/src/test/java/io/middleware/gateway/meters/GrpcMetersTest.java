package io.middleware.gateway.meters;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.middleware.core.MethodTraits;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls by real sockets leave in the meters that gRPC's own clients have. */
class GrpcMetersTest {
    private static final String METHOD = SERVICE + "/SayHello";

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final GatewayHarness gateway = new GatewayHarness();
    private final List<Server> servers = new ArrayList<>();

    @BeforeEach
    void listen() {
        gateway.listen(new GrpcMeters(meters));
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void callThatSucceedsAtOnce_isOneAttempt_andNoRetry() throws IOException {
        register("well", serve(GrpcMetersTest::answer), Pool.PRIMARY);
        call();

        assertThat(started()).isEqualTo(1);
        assertThat(timer("grpc.client.attempt.duration", "OK").count()).isEqualTo(1);
        assertThat(timer("grpc.client.call.duration", "OK").count()).isEqualTo(1);
        assertThat(timer("grpc.client.call.duration", "OK").totalTime(TimeUnit.NANOSECONDS))
                .isGreaterThanOrEqualTo(
                        timer("grpc.client.attempt.duration", "OK").totalTime(TimeUnit.NANOSECONDS));
        assertThat(summary("grpc.client.call.retries").count()).isZero();
        assertThat(summary("grpc.client.call.transparent_retries").count()).isZero();
        assertThat(summary("grpc.client.call.hedges").count()).isZero();
        assertThat(meters.get("grpc.client.call.retry_delay").timer().count()).isZero();
    }

    @Test
    void names_labelsAndBuckets_areThoseOfGrpc() throws IOException {
        register("well", serve(GrpcMetersTest::answer), Pool.PRIMARY);
        call();

        String labels = "grpc_method=\"hello.v1.HelloService/SayHello\",";
        String target = "grpc_target=\"consul:///service\"";
        assertThat(meters.scrape())
                .contains(
                        "grpc_client_attempt_started_total{" + labels + target + "} 1.0",
                        "grpc_client_attempt_duration_seconds_count{" + labels + "grpc_status=\"OK\"," + target + "} 1",
                        "grpc_client_call_duration_seconds_count{" + labels + "grpc_status=\"OK\"," + target + "} 1",
                        "grpc_client_call_duration_seconds_bucket{" + labels + "grpc_status=\"OK\"," + target
                                + ",le=\"1.0E-5\"} ",
                        "grpc_client_call_retries_bucket{" + labels + target + ",le=\"5.0\"} 0",
                        "grpc_client_call_transparent_retries_bucket{" + labels + target + ",le=\"10.0\"} 0",
                        "grpc_client_call_hedges_sum{" + labels + target + "} 0.0",
                        "grpc_client_call_retry_delay_seconds_sum{" + labels + target + "} 0.0");
    }

    @Test
    void attemptThatReachedNoServer_isRetriedTransparently() throws IOException {
        register("dead", deadPort(), Pool.PRIMARY);
        register("well", serve(GrpcMetersTest::answer), Pool.SECONDARY);
        call();

        assertThat(started()).isEqualTo(2);
        assertThat(timer("grpc.client.attempt.duration", "UNAVAILABLE").count()).isEqualTo(1);
        assertThat(timer("grpc.client.attempt.duration", "OK").count()).isEqualTo(1);
        assertThat(summary("grpc.client.call.transparent_retries").totalAmount())
                .isEqualTo(1);
        assertThat(summary("grpc.client.call.retries").count()).isZero();
        assertThat(meters.get("grpc.client.call.retry_delay").timer().count()).isEqualTo(1);
    }

    @Test
    void refusal_isARetry() throws IOException {
        register("full", serve(GrpcMetersTest::refuse), Pool.PRIMARY);
        register("well", serve(GrpcMetersTest::answer), Pool.SECONDARY);
        call();

        assertThat(summary("grpc.client.call.retries").count()).isEqualTo(1);
        assertThat(summary("grpc.client.call.retries").totalAmount()).isEqualTo(1);
        assertThat(summary("grpc.client.call.transparent_retries").count()).isZero();
        assertThat(timer("grpc.client.call.duration", "OK").count()).isEqualTo(1);
    }

    @Test
    void silentServer_isAHedge_andItsAttemptEndsToo() throws IOException {
        register("hanging", serve(caller -> {}), Pool.PRIMARY);
        register("well", serve(GrpcMetersTest::answer), Pool.PRIMARY);
        for (int i = 0; i < 100 && (i == 0 || summary("grpc.client.call.hedges").count() == 0); i++) {
            call();
        }

        assertThat(summary("grpc.client.call.hedges").totalAmount()).isEqualTo(1);
        assertThat(timer("grpc.client.attempt.duration", "CANCELLED").count()).isEqualTo(1);
        assertThat(meters.get("grpc.client.call.retry_delay").timer().totalTime(TimeUnit.NANOSECONDS))
                .as("an attempt was in flight all the time")
                .isZero();
    }

    @Test
    void callThatItsCallerLeaves_endsItsAttempt() throws IOException {
        register("hanging", serve(caller -> {}), Pool.PRIMARY);
        assertThatThrownBy(() -> HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(Duration.ofMillis(300))
                        .sayHello(HelloRequest.getDefaultInstance()))
                .hasMessageContaining("DEADLINE_EXCEEDED");

        await().untilAsserted(() ->
                assertThat(meters.find("grpc.client.call.duration").timers()).hasSize(1));
        assertThat(meters.get("grpc.client.attempt.duration").timers()).hasSize(1);
        assertThat(meters.get("grpc.client.attempt.duration").timer().count()).isEqualTo(1);
    }

    @Test
    void methodThatNoDescriptorHas_isAnother() throws IOException {
        register("well", serve(GrpcMetersTest::answer), Pool.PRIMARY);
        for (String made : List.of("Up", "Of", "Thin", "Air")) {
            MethodDescriptor<HelloRequest, HelloReply> method = HelloServiceGrpc.getSayHelloMethod().toBuilder()
                    .setFullMethodName(SERVICE + "/" + made)
                    .build();
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            gateway.channel(), method, CallOptions.DEFAULT, HelloRequest.getDefaultInstance()))
                    .hasMessageContaining("UNIMPLEMENTED");
        }

        assertThat(meters.get("grpc.client.attempt.started")
                        .tag("grpc.method", "other")
                        .counter()
                        .count())
                .isEqualTo(4);
        assertThat(meters.get("grpc.client.attempt.started").counters()).hasSize(1);
    }

    @Test
    void callThatNoServiceServes_isCounted() throws IOException {
        register("well", serve(GrpcMetersTest::answer), Pool.PRIMARY);
        MethodDescriptor<HelloRequest, HelloReply> method = HelloServiceGrpc.getSayHelloMethod().toBuilder()
                .setFullMethodName("no.such.Service/Method")
                .build();
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                        gateway.channel(), method, CallOptions.DEFAULT, HelloRequest.getDefaultInstance()))
                .hasMessageContaining("registry");

        assertThat(meters.get("middleware.calls").tag("service", "none").timers().stream()
                        .mapToLong(Timer::count)
                        .sum())
                .isEqualTo(1);
        assertThat(meters.find("grpc.client.attempt.started").counters()).isEmpty();
    }

    private void register(String id, int port, Pool pool) {
        gateway.register(id, port, pool, SERVICE).describe("/" + METHOD, new MethodTraits(true, NO_SIDE_EFFECTS));
    }

    private void call() {
        assertThat(HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(Duration.ofSeconds(10))
                        .sayHello(HelloRequest.getDefaultInstance())
                        .getMessage())
                .isEqualTo("World");
    }

    private double started() {
        return meters.get("grpc.client.attempt.started")
                .tags("grpc.method", METHOD, "grpc.target", "consul:///service")
                .counter()
                .count();
    }

    private DistributionSummary summary(String name) {
        return meters.get(name).tags("grpc.method", METHOD).summary();
    }

    private Timer timer(String name, String status) {
        return meters.get(name)
                .tags("grpc.method", METHOD, "grpc.status", status)
                .timer();
    }

    private int serve(Consumer<StreamObserver<HelloReply>> behaviour) throws IOException {
        Server server = ServerBuilder.forPort(0)
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> caller) {
                        behaviour.accept(caller);
                    }
                })
                .build()
                .start();
        servers.add(server);
        return server.getPort();
    }

    private static void answer(StreamObserver<HelloReply> caller) {
        caller.onNext(HelloReply.newBuilder().setMessage("World").build());
        caller.onCompleted();
    }

    private static void refuse(StreamObserver<HelloReply> caller) {
        caller.onError(Status.UNAVAILABLE.withDescription("full").asRuntimeException());
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
