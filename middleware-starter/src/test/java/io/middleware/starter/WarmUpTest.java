package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class WarmUpTest {
    private static final String HEALTH = "grpc.health.v1.Health/Check";
    private static final String HELLO = "hello.v1.HelloService/SayHello";

    private final Map<String, Integer> called = new ConcurrentHashMap<>();
    private volatile Duration work = Duration.ZERO;
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new HealthStatusManager().getHealthService())
                .addService(new Hello())
                .intercept(new Counter())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void healthIsAsked_andNothingOfTheApplication() {
        assertThat(warmUp(Duration.ofSeconds(10))).isEqualTo(WarmUp.CALLS);
        assertThat(called).isEqualTo(Map.of(HEALTH, WarmUp.CALLS));
    }

    @Test
    void methodsThatAreNamed_areCalled_ifTheyHaveNoSideEffects(CapturedOutput output) {
        warmUp(Duration.ofSeconds(10), HELLO, "hello.v1.Guestbook/Sign", "no.Service/AtAll");
        assertThat(called).isEqualTo(Map.of(HEALTH, WarmUp.CALLS, HELLO, WarmUp.CALLS));
        assertThat(output)
                .contains("not called to warm up: hello.v1.Guestbook/Sign")
                .contains("not called to warm up: no.Service/AtAll");
    }

    @Test
    void timeIsBounded_alsoOfACallThatTakesLong() {
        work = Duration.ofMinutes(1);
        long begun = System.nanoTime();
        assertThat(warmUp(Duration.ofMillis(300), HELLO)).isLessThan(2 * WarmUp.CALLS);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void zero_turnsItOff() {
        assertThat(warmUp(Duration.ZERO, HELLO)).isZero();
        assertThat(called).isEmpty();
    }

    @Test
    void limitOutOfItsRange_isRefused() {
        assertThatThrownBy(() -> new InstanceProperties.WarmUp(Duration.ofSeconds(11), List.of()))
                .hasMessage("middleware.instance.warm-up.limit: expected 0s to 10s, was 'PT11S'");
    }

    private int warmUp(Duration limit, String... methods) {
        return new WarmUp(server, new InstanceProperties.WarmUp(limit, List.of(methods))).run();
    }

    private final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            if (!work.isZero()) {
                return; // never ends by itself
            }
            replies.onNext(HelloReply.getDefaultInstance());
            replies.onCompleted();
        }
    }

    private final class Counter implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            called.merge(call.getMethodDescriptor().getFullMethodName(), 1, Integer::sum);
            return next.startCall(call, headers);
        }
    }
}
