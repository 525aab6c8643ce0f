package io.middleware.client;

import static io.middleware.testsupport.ShopServer.ECHOES;
import static io.middleware.testsupport.ShopServer.HANGS;
import static io.middleware.testsupport.ShopServer.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.middleware.testsupport.ShopServer;
import io.middleware.testsupport.shop.v1.Item;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc.ShopServiceBlockingStub;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class MiddlewareClientTest {

    private static final Item TEA = Item.newBuilder().setName("tea").build();
    private static final Hedging QUICK = new Hedging(Duration.ofMillis(20), 3);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final List<MiddlewareClient> clients = new ArrayList<>();
    private ShopServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void startServer() throws IOException {
        server = ShopServer.start();
    }

    @AfterEach
    void stop() {
        clients.forEach(MiddlewareClient::close);
        server.close();
    }

    @Test
    void call_succeeds() {
        assertThat(shop(ClientOptions.defaults()).buy(TEA)).isEqualTo(TEA);
    }

    @Test
    void methodWithoutSideEffects_isHedgedWhenTheFirstAttemptHangs() {
        server.answers(HANGS, ECHOES);

        assertThat(shop(hedged()).look(TEA)).isEqualTo(TEA);
        assertThat(server.attempts()).hasSizeGreaterThan(1);
    }

    @Test
    void idempotentMethod_isHedgedWhenTheFirstAttemptHangs() {
        server.answers(HANGS, ECHOES);

        assertThat(shop(hedged()).keep(TEA)).isEqualTo(TEA);
        assertThat(server.attempts()).hasSizeGreaterThan(1);
    }

    @Test
    void hedges_stopAtTheMostAttempts() {
        server.answers(HANGS);

        assertFails(
                Status.Code.DEADLINE_EXCEEDED,
                () -> shop(hedged().withDeadline(Duration.ofSeconds(1))).look(TEA));
        assertThat(server.attempts()).hasSize(QUICK.maxAttempts());
    }

    @Test
    void idempotentMethod_isRetriedAfterUnavailable() {
        server.answers(fails(Status.UNAVAILABLE), ECHOES);

        assertThat(shop(hedged()).look(TEA)).isEqualTo(TEA);
    }

    @Test
    void idempotentMethod_isRetriedAfterUnavailable_alsoWhenThatEndedAllHedges() {
        server.answers(fails(Status.UNAVAILABLE), fails(Status.UNAVAILABLE), fails(Status.UNAVAILABLE), ECHOES);

        assertThat(shop(hedged()).look(TEA)).isEqualTo(TEA);
        assertThat(server.attempts().stream()
                        .map(attempt -> attempt.header("x-call-id"))
                        .distinct())
                .hasSize(1);
        assertThat(server.attempts()).hasSize(QUICK.maxAttempts() + 1);
    }

    /** As Nginx does of a gateway that ended in the middle of a call. */
    @Test
    void idempotentMethod_isRetriedAtOnceWhenTheResponseSaysSo() {
        server.answers(fails(Status.UNAVAILABLE, "1"), fails(Status.UNAVAILABLE, "0"), ECHOES);
        long started = System.nanoTime();

        assertThat(shop(hedgedLate()).look(TEA)).isEqualTo(TEA);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isLessThan(hedgedLate().hedging().delay());
        assertThat(server.attempts()).as("two, and one to spare").hasSize(3);
    }

    @Test
    void idempotentMethod_isNotAskedForEver() {
        server.answers(fails(Status.UNAVAILABLE));

        assertFails(Status.Code.UNAVAILABLE, () -> shop(hedged()).look(TEA));
        assertThat(server.attempts()).hasSize(2 * QUICK.maxAttempts());
    }

    @Test
    void idempotentMethod_isNotRetriedWhenTheServerForbidsIt() {
        server.answers(fails(Status.UNAVAILABLE, "-1"));

        assertFails(Status.Code.UNAVAILABLE, () -> shop(hedgedLate()).look(TEA));
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void idempotentMethod_isNotRetriedAfterTheServersOwnResponse() {
        server.answers(fails(Status.RESOURCE_EXHAUSTED));

        assertFails(Status.Code.RESOURCE_EXHAUSTED, () -> shop(hedgedLate()).look(TEA));
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void nonIdempotentMethod_isSentOnceWhenItHangs() {
        server.answers(HANGS);

        assertFails(
                Status.Code.DEADLINE_EXCEEDED,
                () -> shop(hedged().withDeadline(SHORT)).buy(TEA));
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void nonIdempotentMethod_isSentOnceWhenItFails() {
        server.answers(fails(Status.UNAVAILABLE), ECHOES);

        assertFails(Status.Code.UNAVAILABLE, () -> shop(hedged()).buy(TEA));
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void stream_isSentOnceWhenItHangs() {
        server.answers(HANGS);

        var answers = shop(hedged()).withDeadlineAfter(SHORT).watch(TEA);

        assertFails(Status.Code.DEADLINE_EXCEEDED, answers::hasNext);
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void stream_hasNoDeadline() {
        shop(ClientOptions.defaults()).watch(TEA).forEachRemaining(item -> {});

        assertThat(server.attempts().getFirst().deadline()).isEmpty();
    }

    @Test
    void hedgingOff_sendsOnce() {
        server.answers(HANGS);

        var options = ClientOptions.defaults().withHedging(Hedging.off()).withDeadline(SHORT);
        assertFails(Status.Code.DEADLINE_EXCEEDED, () -> shop(options).look(TEA));
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void hedges_areBoundedWhenAllCallsAreSlow() {
        server.answers(HANGS);
        var options = ClientOptions.defaults().withHedging(new Hedging(Duration.ofMillis(1), 5));
        var shop = shop(options.withDeadline(Duration.ofMillis(40)));
        int calls = 100;
        long started = System.nanoTime();

        for (int i = 0; i < calls; i++) {
            assertFails(Status.Code.DEADLINE_EXCEEDED, () -> shop.look(TEA));
        }

        double seconds = (System.nanoTime() - started) / 1e9;
        double most = HedgeBudget.MOST + HedgeBudget.SHARE_OF_CALLS * calls + HedgeBudget.PER_SECOND * seconds + 4;
        assertThat(server.attempts()).hasSizeGreaterThan(calls).hasSizeLessThanOrEqualTo((int) (calls + most));
    }

    @Test
    void idempotentMethod_isRetriedAfterUnavailable_alsoWhenNoHedgesAreLeft() {
        HedgeBudget spent = new HedgeBudget(() -> 0);
        IntStream.range(0, 2 * HedgeBudget.MOST).forEach(hedge -> spent.spend());
        ManagedChannel plain = MiddlewareClient.newConnection(server.target(), ClientOptions.defaults(), Map.of());
        ManagedChannel retrying =
                MiddlewareClient.newConnection(server.target(), ClientOptions.defaults(), Retrying.SERVICE_CONFIG);
        var shop = ShopServiceGrpc.newBlockingStub(new HedgingChannel(plain, retrying, plain, spent));
        try {
            server.answers(fails(Status.UNAVAILABLE), ECHOES);
            assertThat(shop.look(TEA)).isEqualTo(TEA);

            server.answers(fails(Status.UNAVAILABLE));
            assertFails(Status.Code.UNAVAILABLE, () -> shop.buy(TEA));
            assertThat(server.attempts())
                    .as("two of the first, one of the second")
                    .hasSize(3);
        } finally {
            plain.shutdownNow();
            retrying.shutdownNow();
        }
    }

    @Test
    void unaryCall_getsTheDeadlineOfTheOptions() {
        shop(ClientOptions.defaults().withDeadline(Duration.ofSeconds(7))).look(TEA);

        assertThat(server.attempts().getFirst().deadline())
                .hasValueSatisfying(
                        deadline -> assertThat(deadline).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7)));
    }

    @Test
    void deadlineOfTheCall_winsOverThatOfTheOptions() {
        shop(ClientOptions.defaults()).withDeadlineAfter(Duration.ofSeconds(60)).look(TEA);

        assertThat(server.attempts().getFirst().deadline())
                .hasValueSatisfying(deadline -> assertThat(deadline).isGreaterThan(Duration.ofSeconds(50)));
    }

    @Test
    void frozenConnection_endsItsStreamsByKeepalive() throws IOException {
        try (var forwarder = new Forwarder(server.port())) {
            var options = ClientOptions.defaults().withKeepAlive(Duration.ofSeconds(10), Duration.ofMillis(500));
            var shop = client(forwarder.target(), options).stub(ShopServiceGrpc::newBlockingStub);
            server.answers((item, answers) -> answers.onNext(item));
            var answers = shop.withDeadlineAfter(Duration.ofSeconds(40)).watch(TEA);
            assertThat(answers.next()).isEqualTo(TEA);

            forwarder.freeze();

            assertFails(Status.Code.UNAVAILABLE, answers::hasNext);
        }
    }

    @Test
    void tls_isSpokenWithCredentials() throws Exception {
        var identity = new ServerIdentity(folder);
        try (var secure = ShopServer.startWith(identity.serverCredentials())) {
            var options = ClientOptions.defaults().withCredentials(identity.channelCredentials());
            assertThat(client(secure.target(), options)
                            .stub(ShopServiceGrpc::newBlockingStub)
                            .look(TEA))
                    .isEqualTo(TEA);

            var stranger = client(secure.target(), ClientOptions.defaults()).stub(ShopServiceGrpc::newBlockingStub);
            assertFails(Status.Code.UNAVAILABLE, () -> stranger.buy(TEA));
        }
    }

    @Test
    void callId_isOneForAllAttemptsAndAnotherForEachCall() {
        server.answers(HANGS, ECHOES);
        var shop = shop(hedged());

        shop.look(TEA);
        shop.look(TEA);

        List<String> ids = server.attempts().stream()
                .map(attempt -> attempt.header("x-call-id"))
                .toList();
        assertThat(ids.get(0)).isNotNull().isEqualTo(ids.get(1)).isNotEqualTo(ids.getLast());
        assertThat(Set.copyOf(ids)).hasSize(2);
    }

    @Test
    void callIdOfTheCaller_isKept() {
        Metadata headers = new Metadata();
        headers.put(MiddlewareClient.CALL_ID, "mine");

        shop(ClientOptions.defaults())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .look(TEA);

        assertThat(server.attempts().getFirst().header("x-call-id")).isEqualTo("mine");
    }

    @Test
    void nobodyAtTheTarget_failsAtOnce() throws IOException {
        var shop = ShopServiceGrpc.newBlockingStub(
                client(freeTarget(), ClientOptions.defaults()).stub(channel -> channel));
        long started = System.nanoTime();

        assertFails(Status.Code.UNAVAILABLE, () -> shop.buy(TEA));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void target_thatCannotBeUnderstood_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> MiddlewareClient.connect("no target"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MiddlewareClient.connect("127.0.0.1:65536"))
                .withMessage("port: expected 0 to 65535, got 65536");
    }

    @Test
    void closedClient_ends() {
        var client = client(server.target(), ClientOptions.defaults());
        var shop = client.stub(ShopServiceGrpc::newBlockingStub);
        client.close();

        assertFails(Status.Code.UNAVAILABLE, () -> shop.look(TEA));
        assertThat(server.attempts()).isEmpty();
    }

    private static ClientOptions hedged() {
        return ClientOptions.defaults().withHedging(QUICK);
    }

    /** So late that only a failure, and no slowness of the machine, can be what brings another attempt. */
    private static ClientOptions hedgedLate() {
        return ClientOptions.defaults().withHedging(new Hedging(Duration.ofSeconds(3), 2));
    }

    private ShopServiceBlockingStub shop(ClientOptions options) {
        return client(server.target(), options).stub(ShopServiceGrpc::newBlockingStub);
    }

    private MiddlewareClient client(String target, ClientOptions options) {
        var client = MiddlewareClient.connect(target, options);
        clients.add(client);
        return client;
    }

    private static String freeTarget() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static void assertFails(Status.Code code, ThrowingCallable call) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
    }
}
