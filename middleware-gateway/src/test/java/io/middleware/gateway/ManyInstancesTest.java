package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.core.StickyRules;
import io.middleware.core.balancing.Subset;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service of many instances, all at one server: each has another address of this machine. */
class ManyInstancesTest {
    private static final int INSTANCES = 300;
    private static final int MOST = 20;
    private static final int LOOPS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger reflections = new AtomicInteger();
    private final GatewayHarness gateway = new GatewayHarness();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .addService(new Hello())
                .addService(ProtoReflectionServiceV1.newInstance())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        if (call.getMethodDescriptor().getFullMethodName().contains("Reflection")) {
                            reflections.incrementAndGet();
                        }
                        return next.startCall(call, headers);
                    }
                })
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        open.incrementAndGet();
                        return attributes;
                    }

                    @Override
                    public void transportTerminated(Attributes attributes) {
                        open.decrementAndGet();
                    }
                })
                .build()
                .start();
        gateway.directory().use(new Subset(MOST, "gateway-1", List.of()));
        gateway.serveOtherProtocols(1 << 20, new BodyBudget(1 << 20));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void connections_areBounded_alsoWhenTheSubsetChanges() {
        register(i -> "");
        call(500);
        assertThat(open.get()).isBetween(MOST, LOOPS * MOST);

        gateway.directory().use(new Subset(MOST, "gateway-2", List.of()));
        call(500);
        await().atMost(LIMIT).until(() -> open.get() <= LOOPS * MOST);
        assertThat(gateway.directory().services().getFirst().candidates().all()).hasSize(MOST);
    }

    @Test
    void descriptions_areAskedOfThoseInUse_ofWhichNothingElseIsKnown() {
        register(i -> "");
        await().atMost(LIMIT).until(() -> gateway.schemas().settled());
        assertThat(reflections.get()).isEqualTo(MOST);
        assertThat(gateway.schemas().schema().methods()).containsKey("/hello.v1.HelloService/SayHello");
    }

    @Test
    void descriptions_areAskedOfAFewOfEachSchema() {
        register(i -> i % 2 == 0 ? "old" : "new");
        await().atMost(LIMIT).until(() -> gateway.schemas().settled());
        assertThat(reflections.get()).isEqualTo(6);
        call(100);
    }

    private void register(IntFunction<String> schema) {
        gateway.directory()
                .update(
                        "hello-service",
                        IntStream.range(0, INSTANCES)
                                .mapToObj(i -> registration(i, schema.apply(i)))
                                .toList());
        gateway.directory().markLoaded();
    }

    private Registration registration(int i, String schema) {
        return new Registration(
                "hello-" + i,
                "node",
                "127.0." + (1 + i / 250) + "." + (1 + i % 250),
                server.getPort(),
                Pool.PRIMARY,
                1,
                List.of("hello.v1.HelloService"),
                false,
                Registration.Status.PASSING,
                1,
                1,
                false,
                StickyRules.NONE,
                schema);
    }

    private void call(int times) {
        HelloServiceGrpc.HelloServiceBlockingStub stub = HelloServiceGrpc.newBlockingStub(gateway.channel());
        for (int i = 0; i < times; i++) {
            assertThat(stub.sayHello(HelloRequest.getDefaultInstance()).getMessage())
                    .isEqualTo("World");
        }
    }

    private static final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            replies.onNext(HelloReply.newBuilder().setMessage("World").build());
            replies.onCompleted();
        }
    }
}
