package io.middleware.gateway.transport;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real client and real servers of grpc-java, with the gateway's two HTTP/2 sides in between. */
@Timeout(30)
class RelayTest {
    private static final String SERVICE = HelloServiceGrpc.SERVICE_NAME;
    private static final String SAY_HELLO = "/" + SERVICE + "/SayHello";
    private static final Metadata.Key<String> INSTANCE =
            Metadata.Key.of("middleware-instance", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ATTEMPTS =
            Metadata.Key.of("middleware-attempts", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> FALLBACK =
            Metadata.Key.of("middleware-fallback", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
            Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAIL = Metadata.Key.of("detail-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final List<Server> servers = new ArrayList<>();
    private final AtomicReference<Metadata> seenByServer = new AtomicReference<>();
    private GatewayHarness gateway;

    @BeforeEach
    void start() {
        gateway = new GatewayHarness();
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void unaryCall_isAnsweredAndSaysByWhom() throws IOException {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        var stub = HelloServiceGrpc.newBlockingStub(ClientInterceptors.intercept(
                gateway.channel(), MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)));

        assertThat(stub.sayHello(request("Hello")).getMessage()).isEqualTo("Hello, World");

        assertThat(headers.get().get(INSTANCE)).isEqualTo("one");
        assertThat(headers.get().get(ATTEMPTS)).isEqualTo("1");
        assertThat(headers.get().get(FALLBACK)).isNull();
        assertThat(seenByServer.get().get(CALL_ID)).matches("[0-9a-f]{16}");
    }

    @Test
    void metadataStatusAndDetails_passBothWays() throws IOException {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        Metadata sent = new Metadata();
        sent.put(CALL_ID, "mine");
        sent.put(DETAIL, new byte[] {0, 1, (byte) 0xff});
        var stub = HelloServiceGrpc.newBlockingStub(gateway.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent));

        assertThatThrownBy(() -> stub.sayHello(request("fail")))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                    assertThat(failure.getStatus().getDescription()).isEqualTo("não 100 %");
                    assertThat(failure.getTrailers().get(DETAIL)).containsExactly(7, 8, 9);
                    assertThat(failure.getTrailers().get(INSTANCE)).isEqualTo("one");
                });
        assertThat(seenByServer.get().get(CALL_ID)).isEqualTo("mine");
        assertThat(seenByServer.get().get(DETAIL)).containsExactly(0, 1, 0xff);
    }

    @Test
    void deadline_isToldToTheServerAndKept() throws IOException {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        var stub = HelloServiceGrpc.newBlockingStub(gateway.channel()).withDeadlineAfter(1, TimeUnit.SECONDS);

        assertThatThrownBy(() -> stub.sayHello(request("silence")))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(Greeter.lastDeadlineMillis.get()).isBetween(100L, 1_000L);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> gateway.instance("one").inFlight() == 0);
    }

    @Test
    void laterAttempt_tellsTheServerHowManyWereBefore_andTheFirstNothing_whateverTheCallerSays() throws IOException {
        Metadata sent = new Metadata();
        sent.put(PREVIOUS_ATTEMPTS, "7");
        sent.put(DETAIL, new byte[] {0, 1, (byte) 0xff});
        var stub = HelloServiceGrpc.newBlockingStub(gateway.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent));
        gateway.register("b", serve(new Greeter()), Pool.SECONDARY, SERVICE);
        assertThat(stub.sayHello(request("Hello")).getMessage()).isEqualTo("Hello, World");
        assertThat(seenByServer.get().getAll(PREVIOUS_ATTEMPTS)).isNull();

        gateway.register("a", deadPort(), Pool.PRIMARY, SERVICE);
        assertThat(stub.sayHello(request("Hello")).getMessage()).isEqualTo("Hello, World");
        assertThat(seenByServer.get().getAll(PREVIOUS_ATTEMPTS)).containsExactly("1");
        assertThat(seenByServer.get().get(DETAIL)).containsExactly(0, 1, 0xff);
    }

    @Test
    void serverStream_arrivesWholeAndInOrder() throws IOException {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);

        var replies = HelloServiceGrpc.newBlockingStub(gateway.channel()).sayHelloEverywhere(request("1000"));

        AtomicInteger next = new AtomicInteger();
        replies.forEachRemaining(reply -> assertThat(reply.getMessage()).isEqualTo("" + next.getAndIncrement()));
        assertThat(next).hasValue(1000);
    }

    @Test
    void clientStream_isAnsweredOnce() throws Exception {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();

        var requests = HelloServiceGrpc.newStub(gateway.channel()).sayHelloTogether(into(answers));
        for (int i = 0; i < 100; i++) {
            requests.onNext(request("x"));
        }
        requests.onCompleted();

        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("100");
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("completed");
    }

    @Test
    void conversation_goesBackAndForth() throws Exception {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();

        var requests = HelloServiceGrpc.newStub(gateway.channel()).converse(into(answers));
        for (String greeting : List.of("a", "b", "c")) {
            requests.onNext(request(greeting));
            assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo(greeting + "!");
        }
        requests.onCompleted();

        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("completed");
    }

    @Test
    void cancellation_reachesTheServer() throws Exception {
        Greeter greeter = new Greeter();
        gateway.register("one", serve(greeter), Pool.PRIMARY, SERVICE);
        Context.CancellableContext context = Context.current().withCancellation();

        context.run(() -> HelloServiceGrpc.newStub(gateway.channel())
                .converse(into(new LinkedBlockingQueue<>()))
                .onNext(request("a")));
        assertThat(greeter.conversations.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        context.cancel(null);

        assertThat(greeter.cancelled.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> gateway.instance("one").inFlight() == 0);
    }

    @Test
    void largeMessages_passBothWays() throws IOException {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        String large = "x".repeat(10 << 20);

        String answer = HelloServiceGrpc.newBlockingStub(gateway.channel())
                .sayHello(request(large))
                .getMessage();

        assertThat(answer).hasSize(large.length() + ", World".length());
    }

    @Test
    void slowReader_holdsTheServerBack() throws Exception {
        Greeter greeter = new Greeter();
        gateway.register("one", serve(greeter), Pool.PRIMARY, SERVICE);
        AtomicInteger received = new AtomicInteger();
        AtomicReference<io.grpc.stub.ClientCallStreamObserver<HelloRequest>> call = new AtomicReference<>();

        HelloServiceGrpc.newStub(gateway.channel())
                .sayHelloEverywhere(
                        request("flood"), new io.grpc.stub.ClientResponseObserver<HelloRequest, HelloReply>() {
                            @Override
                            public void beforeStart(io.grpc.stub.ClientCallStreamObserver<HelloRequest> requests) {
                                requests.disableAutoRequestWithInitial(1);
                                call.set(requests);
                            }

                            @Override
                            public void onNext(HelloReply reply) {
                                received.incrementAndGet();
                            }

                            @Override
                            public void onError(Throwable failure) {}

                            @Override
                            public void onCompleted() {}
                        });

        // the server sends 64 KiB messages for as long as it is let: some megabytes fill the windows, then it has to
        // wait
        await().atMost(Duration.ofSeconds(10)).until(() -> received.get() == 1 && greeter.heldBack.get());
        int sentBefore = greeter.sent.get();
        assertThat(sentBefore).isLessThan(200);
        call.get().request(1000);
        await().atMost(Duration.ofSeconds(10)).until(() -> greeter.sent.get() > sentBefore + 100);
        call.get().cancel("enough", null);
    }

    @Test
    void refusedConnection_movesEvenWhatMayNotBeRepeated() throws IOException {
        gateway.register("dead", deadPort(), Pool.PRIMARY, SERVICE)
                .register("alive", serve(new Greeter()), Pool.SECONDARY, SERVICE);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        var stub = HelloServiceGrpc.newBlockingStub(ClientInterceptors.intercept(
                gateway.channel(), MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>())));

        assertThat(stub.sayHello(request("Hello")).getMessage()).isEqualTo("Hello, World");
        assertThat(headers.get().get(ATTEMPTS)).isEqualTo("2");
        assertThat(headers.get().get(FALLBACK)).isEqualTo("secondary");
        assertThat(gateway.instance("dead").ejected()).isTrue();
    }

    @Test
    void serverThatShutsDown_losesNoCall() throws Exception {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE)
                .register("two", serve(new Greeter()), Pool.PRIMARY, SERVICE);
        var stub = HelloServiceGrpc.newBlockingStub(gateway.channel());
        for (int i = 0; i < 300; i++) {
            if (i == 100) {
                servers.getFirst().shutdown();
            }
            assertThat(stub.sayHello(request("Hello")).getMessage()).isEqualTo("Hello, World");
        }
    }

    @Test
    void serverThatDiesInTheMiddle_isRepeatedOnlyIfAllowed() throws Exception {
        Greeter first = new Greeter();
        int port = serve(first);
        gateway.register("one", port, Pool.PRIMARY, SERVICE)
                .register("two", serve(new Greeter()), Pool.SECONDARY, SERVICE)
                .describe(SAY_HELLO, new MethodTraits(true, NO_SIDE_EFFECTS));
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();

        HelloServiceGrpc.newStub(gateway.channel()).sayHello(request("silence once"), into(answers));
        assertThat(first.silences.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        servers.getFirst().shutdownNow();

        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("silence once, World");
    }

    @Test
    void serverThatDiesInTheMiddle_isToldWhenItMayHaveRun() throws Exception {
        Greeter first = new Greeter();
        gateway.register("one", serve(first), Pool.PRIMARY, SERVICE);
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();

        HelloServiceGrpc.newStub(gateway.channel()).sayHello(request("silence"), into(answers));
        assertThat(first.silences.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
        servers.getFirst().shutdownNow();

        assertThat((Status) answers.poll(5, TimeUnit.SECONDS)).satisfies(status -> {
            assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
            assertThat(status.getDescription()).contains("one (primary): ").contains("may already have run");
        });
    }

    @Test
    void serverThatRefusesWhatMayNotBeRepeated_keepsItsWordsAndTrailers() throws IOException {
        gateway.register("one", serve(new Greeter()), Pool.PRIMARY, SERVICE);

        assertThatThrownBy(() ->
                        HelloServiceGrpc.newBlockingStub(gateway.channel()).sayHello(request("refuse")))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(refused.getStatus().getDescription()).isEqualTo("não 100 %");
                    assertThat(refused.getTrailers()
                                    .get(Metadata.Key.of("detail-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                            .containsExactly(7, 8, 9);
                });
    }

    @Test
    void serverThatHasAsManyCallsAsItMay_getsNoMore() throws Exception {
        Settings defaults = Settings.defaults();
        Settings oneAtATime = new Settings(
                defaults.unaryDeadline(),
                defaults.attempts(),
                defaults.firstBackOff(),
                defaults.budget(),
                defaults.replay(),
                defaults.ejection(),
                defaults.hedge(),
                defaults.silence(),
                new Settings.Limit(true, Duration.ofMillis(500), 1, 1));
        Greeter greeter = new Greeter();
        try (GatewayHarness limited = new GatewayHarness(oneAtATime)) {
            limited.register("one", serve(greeter), Pool.PRIMARY, SERVICE)
                    .register("two", serve(new Greeter()), Pool.SECONDARY, SERVICE)
                    .describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
            HelloServiceGrpc.newStub(limited.channel()).sayHello(request("silence"), into(new LinkedBlockingQueue<>()));
            assertThat(greeter.silences.tryAcquire(5, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() ->
                            HelloServiceGrpc.newBlockingStub(limited.channel()).sayHello(request("Hello")))
                    .hasMessageContaining(
                            "RESOURCE_EXHAUSTED: each instance of service that could take it has as many calls");
        }
    }

    @Test
    void allDead_isAClearErrorAtOnce() throws IOException {
        gateway.register("a", deadPort(), Pool.PRIMARY, SERVICE).register("b", deadPort(), Pool.SECONDARY, SERVICE);

        assertThatThrownBy(() -> HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(1, TimeUnit.SECONDS)
                        .sayHello(request("Hello")))
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("a (primary): connection refused")
                .hasMessageContaining("b (secondary): connection refused");
    }

    @Test
    void unknownService_isUnimplemented() {
        assertThatThrownBy(() ->
                        HelloServiceGrpc.newBlockingStub(gateway.channel()).sayHello(request("Hello")))
                .hasMessageContaining("UNAVAILABLE: the registry has not said yet which services there are");
    }

    @Test
    void gatewayThatDrains_finishesTheCallsUnderWay() throws Exception {
        Greeter greeter = new Greeter();
        gateway.register("one", serve(greeter), Pool.PRIMARY, SERVICE);
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        var requests = HelloServiceGrpc.newStub(gateway.channel()).converse(into(answers));
        requests.onNext(request("a"));
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("a!");

        Thread drain = Thread.ofVirtual().start(() -> gateway.server().drain(Duration.ofSeconds(10)));
        requests.onNext(request("b"));
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("b!");
        assertThat(drain.isAlive()).isTrue();
        requests.onCompleted();

        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("completed");
        assertThat(drain.join(Duration.ofSeconds(5))).isTrue();
    }

    private int serve(Greeter greeter) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .maxInboundMessageSize(64 << 20)
                .addService(greeter)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        seenByServer.set(headers);
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
        servers.add(server);
        return server.getPort();
    }

    private static int deadPort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static HelloRequest request(String message) {
        return HelloRequest.newBuilder().setMessage(message).build();
    }

    private static StreamObserver<HelloReply> into(BlockingQueue<Object> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(HelloReply reply) {
                answers.add(reply.getMessage());
            }

            @Override
            public void onError(Throwable failure) {
                answers.add(Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                answers.add("completed");
            }
        };
    }
}
