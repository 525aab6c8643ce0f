package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.JvmProcess;
import io.middleware.testsupport.Probe;
import io.middleware.testsupport.Repository;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is delivered, a process with a real Consul, and how it ends. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HelloServiceIT {

    private static final String SERVICE = "hello-service";
    private static final String ID = "hello-service-1";
    private static final Duration WORK = Duration.ofSeconds(2);

    private static ConsulServer consul;

    private final int grpcPort = FreePorts.next();
    private final int managementPort = FreePorts.next();
    private JvmProcess server;
    private ManagedChannel channel;

    @BeforeAll
    static void startConsul() {
        consul = ConsulServer.forgetful();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @BeforeEach
    void startServer(@TempDir Path folder) {
        server = JvmProcess.start(
                Repository.jar(SERVICE),
                Map.of(
                        "MIDDLEWARE_INSTANCE_ID",
                        ID,
                        "SPRING_GRPC_SERVER_PORT",
                        Integer.toString(grpcPort),
                        "SPRING_GRPC_SERVER_ADDRESS",
                        "127.0.0.1",
                        "MANAGEMENT_SERVER_PORT",
                        Integer.toString(managementPort),
                        "SERVER_ADDRESS",
                        "127.0.0.1",
                        "SPRING_CLOUD_CONSUL_PORT",
                        Integer.toString(consul.port()),
                        "HELLO_WORK",
                        WORK.toMillis() + "ms",
                        "MIDDLEWARE_INSTANCE_DRAIN_DELAY",
                        "1s"),
                folder.resolve("server.log"));
        server.awaitReady(readiness(), Duration.ofSeconds(60));
        awaitStatus("passing", Duration.ofSeconds(5));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stopServer() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void sigterm_leavesConsulFirstServesOnAndFinishesWhatIsInFlight() throws Exception {
        ListenableFuture<HelloReply> inFlight = sayHello();
        // 200 calls that each wait for seconds, on a machine with a handful of threads
        List<ListenableFuture<HelloReply>> many =
                IntStream.range(0, 200).mapToObj(call -> sayHello()).toList();
        assertThat(PingFlood.answered("127.0.0.1", grpcPort, 500)).isEqualTo(500);

        server.terminate();

        awaitStatus("absent", Duration.ofSeconds(5));
        assertThat(Probe.status(readiness())).isEqualTo(503);
        ListenableFuture<HelloReply> afterLeaving = sayHello();
        assertThat(inFlight.get(10, TimeUnit.SECONDS).getMessage()).isEqualTo("World");
        for (ListenableFuture<HelloReply> call : many) {
            assertThat(call.get(10, TimeUnit.SECONDS).getMessage()).isEqualTo("World");
        }
        assertThat(afterLeaving.get(10, TimeUnit.SECONDS).getMessage()).isEqualTo("World");
        assertThat(server.awaitExit(Duration.ofSeconds(10))).isEqualTo(128 + 15);
        assertThat(server.log()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void sigstopAndSigkill_areNoticedByConsulWithinTheTtl() {
        server.freeze();
        awaitStatus("critical", Duration.ofSeconds(6));
        server.thaw();
        awaitStatus("passing", Duration.ofSeconds(2));

        server.kill();
        awaitStatus("critical", Duration.ofSeconds(6));
    }

    private ListenableFuture<HelloReply> sayHello() {
        return HelloServiceGrpc.newFutureStub(channel).sayHello(HelloRequest.getDefaultInstance());
    }

    private URI readiness() {
        return URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness");
    }

    private static void awaitStatus(String status, Duration limit) {
        Awaitility.await(ID + " is " + status)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> consul.api().status(SERVICE, ID).equals(status));
    }
}
