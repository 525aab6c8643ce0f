package io.middleware.gateway.meters;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What calls leave in the meter that ask a service without retries left for one. */
class BudgetRefusalsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GatewayHarness gateway = new GatewayHarness(withoutBudget(Settings.defaults()));
    private Server server;

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void refusedRetry_isCounted_fromZeroOn() throws IOException {
        gateway.listen(new BudgetRefusals(meters, gateway.directory()));
        server = ServerBuilder.forPort(0)
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> caller) {
                        caller.onError(
                                Status.UNAVAILABLE.withDescription("full").asRuntimeException());
                    }
                })
                .build()
                .start();
        gateway.register("full", server.getPort(), Pool.PRIMARY, SERVICE)
                .describe("/" + SERVICE + "/SayHello", new MethodTraits(true, NO_SIDE_EFFECTS));
        assertThat(refused()).isZero();

        assertThatThrownBy(() ->
                        HelloServiceGrpc.newBlockingStub(gateway.channel()).sayHello(HelloRequest.getDefaultInstance()))
                .hasMessageContaining("UNAVAILABLE");

        assertThat(refused()).isEqualTo(1);
    }

    private double refused() {
        return meters.get("middleware.budget.refused")
                .tag("service", "service")
                .counter()
                .count();
    }

    private static Settings withoutBudget(Settings s) {
        return new Settings(
                s.unaryDeadline(),
                s.attempts(),
                s.firstBackOff(),
                new Settings.Budget(0, 0, 1),
                s.replay(),
                s.ejection(),
                s.hedge(),
                s.silence(),
                s.limit());
    }
}
