package io.middleware.gateway.meters;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
import io.middleware.core.instance.Pool;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls by real sockets leave in the meters. */
class CallMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GatewayHarness gateway = new GatewayHarness(
            Settings.defaults(), new StaleResponses.Policy(Set.of(), Set.of(SERVICE), List.of(), 1_000));
    private Server server;

    @BeforeEach
    void start() throws IOException {
        new CallMeters(gateway.directory(), gateway.failover()).bindTo(meters);
        server = ServerBuilder.forPort(0)
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> answer) {
                        answer.onNext(
                                HelloReply.newBuilder().setMessage("World").build());
                        answer.onCompleted();
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void callThatSucceedsAtOnce_isOneCallAndOneAttempt() {
        register("well", server.getPort(), Pool.PRIMARY);
        call();
        assertThat(meters.get("middleware.calls")
                        .tags("service", "service", "code", "OK")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("middleware.calls").tag("code", "OK").timer().totalTime(TimeUnit.SECONDS))
                .isPositive();
        assertThat(meters.get("middleware.calls")
                        .tag("code", "UNAVAILABLE")
                        .timer()
                        .count())
                .as("there from the beginning, so that a rate sees the first one")
                .isZero();
        assertThat(count("middleware.attempts", "outcome", "answered")).isEqualTo(1);
        assertThat(count("middleware.fallbacks", "kind", "secondary")).isZero();
        assertThat(meters.get("middleware.budget.left")
                        .tag("service", "service")
                        .gauge()
                        .value())
                .isGreaterThan(99);
        assertThat(meters.get("middleware.instances.limited")
                        .tag("service", "service")
                        .gauge()
                        .value())
                .isZero();
        await().until(() -> meters.get("middleware.replay.held").gauge().value() == 0);
    }

    @Test
    void deadPrimary_isARetry_anEjection_andAFallback() throws IOException {
        register("dead", deadPort(), Pool.PRIMARY);
        register("well", server.getPort(), Pool.SECONDARY);
        call();
        assertThat(count("middleware.attempts", "outcome", "unsent")).isEqualTo(1);
        assertThat(count("middleware.retries", "reason", "unsent")).isEqualTo(1);
        assertThat(count("middleware.ejections", "cause", "unreachable")).isEqualTo(1);
        assertThat(count("middleware.fallbacks", "kind", "secondary")).isEqualTo(1);
    }

    @Test
    void mutePrimary_isARetry_andAnEjection() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("mute", mute.getLocalPort(), Pool.PRIMARY);
            register("well", server.getPort(), Pool.SECONDARY);
            call();
            assertThat(count("middleware.attempts", "outcome", "unsent")).isEqualTo(1);
            assertThat(count("middleware.retries", "reason", "unsent")).isEqualTo(1);
            assertThat(count("middleware.ejections", "cause", "silent")).isEqualTo(1);
        }
    }

    @Test
    void hangingPrimary_isAHedgeThatWins() throws IOException {
        Server hanging = ServerBuilder.forPort(0)
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> answer) {
                        // never answers
                    }
                })
                .build()
                .start();
        register("hanging", hanging.getPort(), Pool.PRIMARY);
        register("well", server.getPort(), Pool.PRIMARY);
        for (int i = 0; i < 100 && count("middleware.hedges", "outcome", "won") == 0; i++) {
            call();
        }
        assertThat(count("middleware.hedges", "outcome", "won")).isEqualTo(1);
        assertThat(count("middleware.hedges", "outcome", "lost")).isZero();
        assertThat(count("middleware.attempts", "outcome", "given_up")).isEqualTo(1);
        hanging.shutdownNow();
    }

    @Test
    void staleResponse_isAFallback() throws IOException {
        register("well", server.getPort(), Pool.PRIMARY);
        call();
        server.shutdownNow();
        call();
        assertThat(count("middleware.fallbacks", "kind", "stale")).isEqualTo(1);
        assertThat(meters.get("middleware.calls")
                        .tags("service", "service", "code", "OK")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void lostCall_isCountedByItsCode() throws IOException {
        register("dead", deadPort(), Pool.PRIMARY);
        assertThatThrownBy(this::call).hasMessageContaining("UNAVAILABLE");
        assertThat(meters.get("middleware.calls")
                        .tag("code", "UNAVAILABLE")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void eachMeter_isTold_andIsReadableByPrometheus() throws IOException {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new CallMeters(gateway.directory(), gateway.failover()).bindTo(prometheus);
        new InstanceMeters(gateway.directory()).bindTo(prometheus);
        gateway.listen(new BudgetRefusals(prometheus, gateway.directory()));
        register("well", server.getPort(), Pool.PRIMARY);
        call();

        String page = Files.readString(Repository.root().resolve("docs/operations/metrics.md"));
        String table = page.substring(page.indexOf("| meter |"));
        Set<String> told = Pattern.compile("(?m)^\\| `(middleware\\.[a-z.]+)` \\| [a-z]+ \\| [`|]")
                .matcher(table.substring(0, table.indexOf("\n\n")))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toSet());
        Set<String> registered = prometheus.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toSet());
        registered.addAll(Set.of(
                "middleware.access.log.lost",
                "middleware.directory.age",
                "middleware.security.limited",
                "middleware.security.limits.callers",
                "middleware.security.limits.gateways",
                "middleware.security.limits.overflow",
                "middleware.stale.held",
                "middleware.ready",
                "middleware.heartbeat.age"));

        assertThat(told).isEqualTo(registered);
        assertThat(prometheus.scrape())
                .contains(
                        "middleware_calls_seconds_bucket{code=\"OK\",service=\"service\",le=\"0.1\"} ",
                        "middleware_calls_seconds_count{code=\"OK\",service=\"service\"} 1",
                        "middleware_attempts_total{outcome=\"answered\",service=\"service\"} 1.0",
                        "middleware_retries_total{reason=\"in_doubt\",service=\"service\"} 0.0",
                        "middleware_hedges_total{outcome=\"won\",service=\"service\"} 0.0",
                        "middleware_fallbacks_total{kind=\"stale\",service=\"service\"} 0.0",
                        "middleware_instance_state{pool=\"primary\",server=\"well\",service=\"service\",state=\"passing\"} 1.0");
    }

    private void register(String id, int port, Pool pool) {
        gateway.register(id, port, pool, SERVICE)
                .describe("/" + SERVICE + "/SayHello", new MethodTraits(true, NO_SIDE_EFFECTS));
    }

    private void call() {
        assertThat(HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(Duration.ofSeconds(10))
                        .sayHello(HelloRequest.getDefaultInstance())
                        .getMessage())
                .isEqualTo("World");
    }

    private double count(String name, String tag, String value) {
        return meters.get(name)
                .tags("service", "service", tag, value)
                .functionCounter()
                .count();
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
