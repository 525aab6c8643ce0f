package io.middleware.gateway.meters;

import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.middleware.core.MethodTraits;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the meters say of instances that come, fail and go. */
class InstanceMetersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GatewayHarness gateway = new GatewayHarness();

    @BeforeEach
    void bind() {
        new InstanceMeters(gateway.directory()).bindTo(meters);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void newInstance_isPassing_andInNoOtherState() {
        gateway.register("a", 1, Pool.PRIMARY, SERVICE);
        assertThat(states("a")).containsExactly("passing");
        assertThat(meters.get("middleware.instance.in.flight")
                        .tags("service", "service", "server", "a", "pool", "primary")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void unreachableInstance_isEjected() throws IOException {
        gateway.register("dead", deadPort(), Pool.SECONDARY, SERVICE)
                .describe("/" + SERVICE + "/SayHello", new MethodTraits(true, Idempotency.NO_SIDE_EFFECTS));
        try {
            HelloServiceGrpc.newBlockingStub(gateway.channel()).sayHello(HelloRequest.getDefaultInstance());
        } catch (StatusRuntimeException lost) {
            await().untilAsserted(() -> assertThat(states("dead")).containsExactly("ejected"));
            return;
        }
        throw new AssertionError("the call was answered");
    }

    @Test
    void instanceThatIsGone_leavesNoMeter() {
        gateway.register("a", 1, Pool.PRIMARY, SERVICE).register("b", 2, Pool.PRIMARY, SERVICE);
        gateway.register("c", 3, Pool.PRIMARY, SERVICE);
        assertThat(states("a")).containsExactly("passing");

        gateway.unregister("a");

        assertThat(states("a")).isEmpty();
        assertThat(meters.find("middleware.instance.in.flight")
                        .tag("server", "a")
                        .gauge())
                .isNull();
        assertThat(states("b")).containsExactly("passing");
    }

    /** The states whose gauge is 1. */
    private List<String> states(String server) {
        return meters.find("middleware.instance.state").tag("server", server).gauges().stream()
                .filter(gauge -> gauge.value() == 1)
                .map((Gauge gauge) -> gauge.getId().getTag("state"))
                .toList();
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
