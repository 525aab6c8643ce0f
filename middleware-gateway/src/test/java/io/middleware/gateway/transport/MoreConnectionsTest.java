package io.middleware.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Instances that get more than one connection, so that some callers' streams do not hold up the calls of others. */
@Timeout(60)
class MoreConnectionsTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int MOST = 4;

    private final GatewayHarness gateway =
            new GatewayHarness(new ConnectionOptions(Duration.ofSeconds(1), MOST, Duration.ofMillis(300)));
    private final Greeter greeter = new Greeter();
    private final AtomicInteger connections = new AtomicInteger();
    private Server server;

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void serverWhoseStreamsAreUsedUp_getsAnotherConnection_whichIsClosedWhenItIsNotNeeded() throws IOException {
        serve(greeter, NettyServerBuilder.forAddress(anyPort()).maxConcurrentCallsPerConnection(1));
        List<ListenableFuture<HelloReply>> held = List.of(hello("silence"), hello("silence"), hello("silence"));

        assertThat(hello("Hello")).succeedsWithin(SOON);
        await().atMost(SOON).until(() -> greeter.silences.tryAcquire(3));
        held.forEach(each -> each.cancel(true));

        await().atMost(SOON).until(() -> connections.get() == 1);
        assertThat(hello("Hello")).succeedsWithin(SOON);
    }

    @Test
    void noMoreConnectionsAreMadeThanMayBe() throws IOException {
        serve(greeter, NettyServerBuilder.forAddress(anyPort()).maxConcurrentCallsPerConnection(1));
        List<ListenableFuture<HelloReply>> held = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            held.add(hello("silence"));
        }
        await().atMost(SOON).until(() -> greeter.silences.availablePermits() == MOST);

        ListenableFuture<HelloReply> waits = hello("Hello");
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == MOST + 1);
        assertThat(waits.isDone()).isFalse();
        assertThat(connections).hasValue(MOST);
        held.getFirst().cancel(true);

        assertThat(waits).succeedsWithin(SOON);
        held.forEach(each -> each.cancel(true));
    }

    @Test
    void requestThatTheServerDoesNotRead_doesNotHoldUpOthers() throws IOException {
        serve(new ReadsNothing(), NettyServerBuilder.forAddress(anyPort()).flowControlWindow(64 << 10));
        StreamObserver<HelloRequest> unread =
                HelloServiceGrpc.newStub(gateway.channel()).sayHelloTogether(new Sink<>());
        for (int i = 0; i < 20; i++) {
            unread.onNext(request("x".repeat(32 << 10)));
        }
        await().atMost(SOON).until(() -> !((io.grpc.stub.ClientCallStreamObserver<?>) unread).isReady());

        for (int i = 0; i < 20; i++) {
            assertThat(hello("x".repeat(4 << 10))).succeedsWithin(SOON);
        }
        unread.onError(new IllegalStateException("the test is over"));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    private void serve(BindableService service, NettyServerBuilder builder) throws IOException {
        server = builder.addService(service)
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        connections.incrementAndGet();
                        return attributes;
                    }

                    @Override
                    public void transportTerminated(Attributes attributes) {
                        connections.decrementAndGet();
                    }
                })
                .build()
                .start();
        gateway.register("one", server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
    }

    /** All by the one connection that the caller has, and so on one event loop. */
    private ListenableFuture<HelloReply> hello(String message) {
        return HelloServiceGrpc.newFutureStub(gateway.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .sayHello(request(message));
    }

    private static HelloRequest request(String message) {
        return HelloRequest.newBuilder().setMessage(message).build();
    }

    private static final class ReadsNothing extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public StreamObserver<HelloRequest> sayHelloTogether(StreamObserver<HelloReply> reply) {
            ((ServerCallStreamObserver<HelloReply>) reply).disableAutoRequest();
            return new Sink<>();
        }

        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.getDefaultInstance());
            reply.onCompleted();
        }
    }

    private static final class Sink<T> implements StreamObserver<T> {
        @Override
        public void onNext(T message) {
            // nobody looks
        }

        @Override
        public void onError(Throwable failure) {
            // the test is over
        }

        @Override
        public void onCompleted() {
            // the test is over
        }
    }
}
