package io.middleware.client;

import static io.middleware.testsupport.ShopServer.ECHOES;
import static io.middleware.testsupport.ShopServer.HANGS;
import static io.middleware.testsupport.ShopServer.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.middleware.testsupport.ShopServer;
import io.middleware.testsupport.ShopServer.Answer;
import io.middleware.testsupport.shop.v1.Item;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc.ShopServiceBlockingStub;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of {@code Buy}, which is not idempotent, to a server that responds as gateways and Nginx do. */
@Tag("slow")
class IdempotencyKeysTest {
    private static final Item TEA = Item.newBuilder().setName("tea").build();
    private static final ClientOptions OPTIONS = ClientOptions.defaults()
            .withHedging(new Hedging(Duration.ofMillis(20), 3))
            .withDeadline(Duration.ofSeconds(10));
    private static final Answer KNOWS_KEYS =
            fails(Status.NOT_FOUND, "middleware-gateway", "g1", "middleware-idempotency-key", "honoured");
    private static final Answer KNOWS_NO_KEYS = fails(Status.NOT_FOUND, "middleware-gateway", "g1");
    private static final Answer GATEWAY_DIED =
            fails(Status.UNAVAILABLE, "middleware-proxy", "nginx", "grpc-retry-pushback-ms", "1");

    private ShopServer server;
    private MiddlewareClient client;

    @BeforeEach
    void start() throws IOException {
        server = ShopServer.start();
        client = MiddlewareClient.connect(server.target(), OPTIONS);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void eachCall_getsAKeyOfItsOwn() {
        assertThat(shop().buy(TEA)).isEqualTo(TEA);
        assertThat(shop().buy(TEA)).isEqualTo(TEA);
        assertThat(keys()).hasSize(2).doesNotHaveDuplicates().allMatch(key -> key.length() == 36);
    }

    @Test
    void keyOfTheCaller_stays() {
        Metadata own = new Metadata();
        own.put(MiddlewareClient.IDEMPOTENCY_KEY, "order-1");
        shop().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(own)).buy(TEA);
        assertThat(keys()).containsExactly("order-1");
    }

    @Test
    void idempotentMethods_andStreams_getNone() {
        // a busy machine would hedge them otherwise
        ClientOptions patient = OPTIONS.withHedging(Hedging.off());
        try (var unhedged = MiddlewareClient.connect(server.target(), patient)) {
            ShopServiceBlockingStub shop = unhedged.stub(ShopServiceGrpc::newBlockingStub);
            shop.look(TEA);
            shop.keep(TEA);
            shop.watch(TEA).forEachRemaining(item -> {});
        }
        assertThat(server.attempts()).hasSize(3);
        assertThat(keys()).containsOnlyNulls();
    }

    @Test
    void off_givesNone_andSendsOnce() {
        server.answers(GATEWAY_DIED, ECHOES);
        try (var plain = MiddlewareClient.connect(server.target(), OPTIONS.withIdempotencyKeys(false))) {
            assertFails(Status.Code.UNAVAILABLE, plain.stub(ShopServiceGrpc::newBlockingStub));
        }
        assertThat(keys()).hasSize(1).containsOnlyNulls();
    }

    @Test
    void callWhoseGatewayDied_isSentAgain_byTheSameKey_andSaysSo() {
        server.answers(GATEWAY_DIED, ECHOES);
        assertThat(shop().buy(TEA)).isEqualTo(TEA);
        assertThat(keys()).hasSize(2);
        assertThat(keys().stream().distinct()).hasSize(1);
        assertThat(server.attempts().getFirst().header("middleware-resent")).isNull();
        assertThat(server.attempts().getLast().header("middleware-resent")).matches("\\d+\\.\\d{3}");
    }

    /** A server without the middleware may not know keys. */
    @Test
    void callThatSomeoneElseFailed_isSentOnce() {
        server.answers(fails(Status.UNAVAILABLE), ECHOES);
        assertFails(Status.Code.UNAVAILABLE, shop());
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void callThatAGatewayGaveUp_isSentOnce() {
        server.answers(fails(Status.UNAVAILABLE, "middleware-gateway", "g1", "grpc-retry-pushback-ms", "-1"), ECHOES);
        assertFails(Status.Code.UNAVAILABLE, shop());
        assertThat(server.attempts()).hasSize(1);
    }

    @Test
    void methodWhoseKeysAreHonoured_isHedged_andRetriedAfterAnyFailure() {
        server.answers(KNOWS_KEYS, HANGS, ECHOES);
        assertFails(Status.Code.NOT_FOUND, shop());
        assertThat(shop().buy(TEA)).isEqualTo(TEA);
        assertThat(keys().subList(1, keys().size()).stream().distinct()).hasSize(1);
        assertThat(server.attempts().get(2).header("grpc-previous-rpc-attempts"))
                .as("by which gateways know that it may have run")
                .isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void methodWhoseKeysAreNotHonoured_isNotHedged(boolean once) {
        server.answers(once ? KNOWS_KEYS : KNOWS_NO_KEYS);
        assertFails(Status.Code.NOT_FOUND, shop());
        // this one may still be hedged
        server.answers(KNOWS_NO_KEYS);
        assertFails(Status.Code.NOT_FOUND, shop());
        server.answers(HANGS);
        assertFails(Status.Code.DEADLINE_EXCEEDED, shop().withDeadlineAfter(Duration.ofMillis(300)));
        List<String> calls = keys().stream().distinct().toList();
        assertThat(calls).hasSize(3);
        assertThat(keys()).as("attempts of the third call").containsOnlyOnce(calls.getLast());
    }

    private ShopServiceBlockingStub shop() {
        return client.stub(ShopServiceGrpc::newBlockingStub);
    }

    private List<String> keys() {
        return server.attempts().stream()
                .map(attempt -> attempt.header("idempotency-key"))
                .toList();
    }

    private static void assertFails(Status.Code code, ShopServiceBlockingStub shop) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> shop.buy(TEA))
                .satisfies(failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
    }
}
