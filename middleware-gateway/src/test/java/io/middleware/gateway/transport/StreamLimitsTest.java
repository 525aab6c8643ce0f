package io.middleware.gateway.transport;

import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.middleware.core.MethodTraits;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that take only so much on one connection, where there may be only one. */
@Timeout(60)
@Tag("slow")
class StreamLimitsTest {
    private static final String SERVICE = HelloServiceGrpc.SERVICE_NAME;
    private static final String SAY_HELLO = "/" + SERVICE + "/SayHello";
    private static final Duration SOON = Duration.ofSeconds(5);

    private final GatewayHarness gateway =
            new GatewayHarness(new ConnectionOptions(Duration.ofSeconds(1), 1, Duration.ofSeconds(1)));
    private final Greeter greeter = new Greeter();
    private Server server;

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void callAboveTheLimit_isAnsweredWhenThereIsRoom() throws IOException {
        serve(1);
        ListenableFuture<HelloReply> first = hello("silence");
        await().atMost(SOON).until(() -> greeter.silences.tryAcquire());
        ListenableFuture<HelloReply> second = hello("Hello");
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 2);
        assertThat(second.isDone()).isFalse();

        first.cancel(true);

        await().atMost(SOON).until(second::isDone);
        assertThat(second)
                .succeedsWithin(SOON)
                .extracting(HelloReply::getMessage)
                .isEqualTo("Hello, World");
    }

    @Test
    void callAboveTheLimit_thatIsGivenUp_neverRuns_andItsCallerIsNotToldThatItMayHave() throws IOException {
        serve(1);
        ListenableFuture<HelloReply> first = hello("silence");
        await().atMost(SOON).until(() -> greeter.silences.tryAcquire());

        var late = HelloServiceGrpc.newBlockingStub(gateway.channel()).withDeadlineAfter(300, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> late.sayHello(request("silence"))).hasMessageContaining("DEADLINE_EXCEEDED");
        ListenableFuture<HelloReply> cancelled = hello("silence");
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 2);
        cancelled.cancel(true);
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 1);
        first.cancel(true);

        assertThat(hello("Hello")).succeedsWithin(SOON);
        assertThat(greeter.silences.availablePermits())
                .as("executions of what was given up")
                .isZero();
    }

    @Test
    void callsAboveTheLimit_moveOnWhenTheServerLeaves() throws IOException {
        serve(1);
        ListenableFuture<HelloReply> first = hello("silence");
        await().atMost(SOON).until(() -> greeter.silences.tryAcquire());
        ListenableFuture<HelloReply> second = hello("Hello");
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 2);
        Server other = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new Greeter())
                .build()
                .start();
        gateway.register("two", other.getPort(), Pool.SECONDARY, SERVICE);

        server.shutdown();

        assertThat(second).succeedsWithin(SOON);
        first.cancel(true);
        other.shutdownNow();
    }

    @Test
    void callAboveTheLimit_goesToAnIdlePeer_thoughItMayNotBeRepeated() throws IOException {
        serve(1);
        gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
        ListenableFuture<HelloReply> first = hello("silence");
        await().atMost(SOON).until(() -> greeter.silences.tryAcquire());
        ListenableFuture<HelloReply> second = hello("Hello");
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 2);
        Server other = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new Greeter())
                .build()
                .start();
        gateway.register("two", other.getPort(), Pool.PRIMARY, SERVICE);

        assertThat(second)
                .succeedsWithin(SOON)
                .extracting(HelloReply::getMessage)
                .isEqualTo("Hello, World");
        assertThat(first.isDone()).isFalse();
        assertThat(gateway.instance("one").ejected()).isFalse();
        first.cancel(true);
        other.shutdownNow();
    }

    @Test
    void answersThatNobodyReads_doNotStopTheOthers() throws IOException {
        serve(Integer.MAX_VALUE);
        List<ClientCall<HelloRequest, HelloReply>> unread = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ClientCall<HelloRequest, HelloReply> call = gateway.channel()
                    .newCall(HelloServiceGrpc.getSayHelloEverywhereMethod(), io.grpc.CallOptions.DEFAULT);
            call.start(new ClientCall.Listener<>() {}, new Metadata());
            call.sendMessage(request("flood"));
            call.halfClose();
            call.request(1);
            unread.add(call);
        }
        await().atMost(SOON.multipliedBy(2)).until(() -> greeter.sent.get() > 40 * 4 && greeter.heldBack.get());

        for (int i = 0; i < 20; i++) {
            assertThat(hello("Hello")).succeedsWithin(SOON);
        }
        unread.forEach(call -> call.cancel("by the test", null));
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 0);
    }

    @Test
    void metadataThatTheServerDoesNotTake_isTheCallersError_andNoOtherIsTried() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxInboundMetadataSize(2_000)
                .addService(greeter)
                .build()
                .start();
        gateway.register("one", server.getPort(), Pool.PRIMARY, SERVICE);
        Metadata large = new Metadata();
        large.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(9_000));
        var stub = HelloServiceGrpc.newBlockingStub(gateway.channel());
        stub.sayHello(request("Hello"));

        assertThatThrownBy(() -> stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(large))
                        .sayHello(request("Hello")))
                .hasMessage(
                        "INVALID_ARGUMENT: the call's metadata is larger than one takes (SETTINGS_MAX_HEADER_LIST_SIZE)");
        assertThat(stub.sayHello(request("Hello")).getMessage())
                .as("on the same connection")
                .isEqualTo("Hello, World");
    }

    @Test
    void instanceThatIsRegisteredByName_isFound() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(greeter)
                .build()
                .start();
        gateway.register("one", "localhost", server.getPort(), Pool.PRIMARY, SERVICE);
        assertThat(hello("Hello")).succeedsWithin(SOON);
    }

    @Test
    void instanceWhoseNameNobodyKnows_isUnreachable() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(greeter)
                .build()
                .start();
        gateway.register("one", "no-such-host.invalid", 1, Pool.PRIMARY, SERVICE)
                .register("two", server.getPort(), Pool.SECONDARY, SERVICE);
        assertThat(hello("Hello")).succeedsWithin(SOON);
        assertThat(gateway.instance("one").ejectedBecause()).contains("no-such-host.invalid");
    }

    private void serve(int callsPerConnection) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxConcurrentCallsPerConnection(callsPerConnection)
                .addService(greeter)
                .build()
                .start();
        gateway.register("one", server.getPort(), Pool.PRIMARY, SERVICE);
        gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
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
}
