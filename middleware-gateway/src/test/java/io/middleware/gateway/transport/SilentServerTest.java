package io.middleware.gateway.transport;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that stay connected and say nothing any more, on real sockets. The limits are generous: a loaded machine is to fail none
 * of this, and before there was a look at silence, each call waited for its deadline.
 */
@Timeout(60)
@Tag("slow")
class SilentServerTest {
    private static final String SERVICE = HelloServiceGrpc.SERVICE_NAME;
    private static final String SAY_HELLO = "/" + SERVICE + "/SayHello";
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Metadata.Key<String> INSTANCE =
            Metadata.Key.of("middleware-instance", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ATTEMPTS =
            Metadata.Key.of("middleware-attempts", Metadata.ASCII_STRING_MARSHALLER);

    private GatewayHarness gateway;
    private Server well;

    private record Answer(String instance, int attempts, Duration took) {}

    @BeforeEach
    void start() throws IOException {
        gateway = new GatewayHarness();
        well = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new Greeter())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        well.shutdownNow();
    }

    @Test
    void serverThatAcceptsAndNeverAnswers_isEjected_andItsCallsAreAnsweredByAnother() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("mute", mute.getLocalPort(), Pool.PRIMARY)
                    .register("well", well.getPort(), Pool.SECONDARY, SERVICE);

            Answer answer = call();

            assertThat(answer.instance).isEqualTo("well");
            assertThat(answer.attempts).isEqualTo(2);
            assertThat(answer.took).isLessThan(SOON);
            assertThat(gateway.instance("mute").ejectedBecause()).startsWith("no answer to a ping within ");
            await().atMost(SOON).until(() -> gateway.instance("mute").inFlight() == 0);
        }
    }

    @Test
    void processThatDies_isEjectedAlthoughNobodyCallsIt() throws Exception {
        try (GreeterProcess process = GreeterProcess.start()) {
            register("dying", process.port(), Pool.PRIMARY).register("well", well.getPort(), Pool.SECONDARY, SERVICE);
            awaitAnswerOf("dying");

            process.kill();

            await().atMost(SOON).until(() -> gateway.instance("dying").ejected());
            assertThat(call().attempts).isEqualTo(1);
        }
    }

    @Test
    void serverThatAcceptsAndNeverAnswers_hasNothingSentToIt_soThatAnyCallMovesOn() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("mute", mute.getLocalPort(), Pool.PRIMARY)
                    .register("well", well.getPort(), Pool.SECONDARY, SERVICE);
            gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));

            Answer answer = call();

            assertThat(answer.instance).isEqualTo("well");
            assertThat(answer.took).isLessThan(SOON);
        }
    }

    @Test
    void serverThatAcceptsAndNeverAnswers_andIsAlone_hasNotRunWhatMayNotBeRepeated() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("mute", mute.getLocalPort(), Pool.PRIMARY);
            gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
            var stub = HelloServiceGrpc.newBlockingStub(gateway.channel()).withDeadlineAfter(10, TimeUnit.SECONDS);

            assertThatThrownBy(() -> stub.sayHello(request("Hello")))
                    .hasMessageContaining("UNAVAILABLE: ")
                    .hasMessageContaining("mute (primary): ")
                    .hasMessageNotContaining("may already have run");
        }
    }

    @Test
    void frozenProcess_hasWhatMayNotBeRepeated_andItIsNotWaitedForLong() throws Exception {
        try (GreeterProcess process = GreeterProcess.start()) {
            register("frozen", process.port(), Pool.PRIMARY);
            gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
            var stub = HelloServiceGrpc.newFutureStub(gateway.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
            var unanswered = stub.sayHello(request("silence"));
            assertThat(call().instance).as("who has what came before, too").isEqualTo("frozen");

            process.freeze();

            assertThat(unanswered)
                    .failsWithin(SOON.multipliedBy(5))
                    .withThrowableThat()
                    .withMessageContaining("UNAVAILABLE: ")
                    .withMessageContaining("frozen (primary): it has the call, and answers no health check")
                    .withMessageContaining("may already have run");
        }
    }

    /** Servers of gRPC libraries close a connection with more than two pings between what they send on it. */
    @Test
    void serverThatWorksForLong_isAskedAgainAndAgain_andKeepsTheConnection() {
        register("working", well.getPort(), Pool.PRIMARY);
        gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
        var stub = HelloServiceGrpc.newBlockingStub(gateway.channel()).withDeadlineAfter(2, TimeUnit.SECONDS);

        assertThatThrownBy(() -> stub.sayHello(request("silence")))
                .hasMessageContaining("DEADLINE_EXCEEDED")
                .hasMessageContaining("it may already have run");

        assertThat(gateway.instance("working").ejected()).isFalse();
    }

    @Test
    void frozenProcess_losesNoCall_andIsUsedAgainWhenItGoesOn() throws Exception {
        try (GreeterProcess process = GreeterProcess.start()) {
            register("frozen", process.port(), Pool.PRIMARY).register("well", well.getPort(), Pool.PRIMARY, SERVICE);
            awaitAnswerOf("frozen");

            process.freeze();
            // it is called as often as its last answers were quick
            await().atMost(SOON.multipliedBy(5)).until(() -> {
                Answer answer = call();
                assertThat(answer.instance).isEqualTo("well");
                assertThat(answer.took).isLessThan(SOON);
                return gateway.instance("frozen").ejected();
            });
            assertThat(call().attempts).as("attempts, once it is ejected").isEqualTo(1);

            process.thaw();
            awaitAnswerOf("frozen");
        }
    }

    @Test
    void connectionOnWhichAllIsLost_isReplacedByANewOne_andItsCallsAreLeftToTheirDeadline() throws Exception {
        gateway.close();
        gateway = new GatewayHarness(givingUpAfter(Duration.ofSeconds(10)));
        try (BlackholeProxy proxy = new BlackholeProxy(well.getPort())) {
            register("far", proxy.port(), Pool.PRIMARY).register("near", well.getPort(), Pool.SECONDARY, SERVICE);
            awaitAnswerOf("far");
            AtomicReference<Status> ended = new AtomicReference<>();
            gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
            HelloServiceGrpc.newStub(gateway.channel())
                    .withDeadlineAfter(3, TimeUnit.SECONDS)
                    .sayHello(request("silence"), new StreamObserver<>() {
                        @Override
                        public void onNext(HelloReply reply) {}

                        @Override
                        public void onError(Throwable failure) {
                            ended.set(Status.fromThrowable(failure));
                        }

                        @Override
                        public void onCompleted() {}
                    });
            await().atMost(SOON).until(() -> gateway.instance("far").inFlight() == 1);
            gateway.describe(SAY_HELLO, new MethodTraits(true, NO_SIDE_EFFECTS));

            proxy.cut();
            await().atMost(SOON)
                    .until(() -> call().instance.equals("near")
                            && gateway.instance("far").ejected());
            proxy.mend();
            awaitAnswerOf("far");

            assertThat(ended.get())
                    .as("a call that may have run, while it has time")
                    .isNull();
            assertThat(proxy.stuck()).isPositive();
            await().atMost(Duration.ofSeconds(5)).until(() -> ended.get() != null);
            assertThat(ended.get().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(ended.get().getDescription()).contains("it may already have run");
            await().atMost(SOON).until(() -> proxy.stuck() == 0);
            await().atMost(SOON).until(() -> gateway.instance("far").inFlight() == 0);
        }
    }

    /** A probe that begins just before the proxy is mended takes a second, by which the call is not to be given up. */
    private static Settings givingUpAfter(Duration silence) {
        Settings s = Settings.defaults();
        return new Settings(
                s.unaryDeadline(),
                s.attempts(),
                s.firstBackOff(),
                s.budget(),
                s.replay(),
                s.ejection(),
                s.hedge(),
                new Settings.Silence(s.silence().after(), s.silence().pingLimit(), silence),
                s.limit());
    }

    private GatewayHarness register(String id, int port, Pool pool) {
        return gateway.register(id, port, pool, SERVICE).describe(SAY_HELLO, new MethodTraits(true, NO_SIDE_EFFECTS));
    }

    /** A server that has just started, or gone on, may be slow enough at first to be taken for silent, and another be asked. */
    private void awaitAnswerOf(String instance) {
        await().atMost(SOON.multipliedBy(5)).until(() -> call().instance.equals(instance));
    }

    private Answer call() {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        var stub = HelloServiceGrpc.newBlockingStub(ClientInterceptors.intercept(
                gateway.channel(), MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>())));
        long start = System.nanoTime();
        assertThat(stub.withDeadlineAfter(10, TimeUnit.SECONDS)
                        .sayHello(request("Hello"))
                        .getMessage())
                .isEqualTo("Hello, World");
        return new Answer(
                headers.get().get(INSTANCE),
                Integer.parseInt(headers.get().get(ATTEMPTS)),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private static HelloRequest request(String message) {
        return HelloRequest.newBuilder().setMessage(message).build();
    }
}
