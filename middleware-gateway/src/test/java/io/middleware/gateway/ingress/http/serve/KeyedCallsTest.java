package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.middleware.core.instance.Pool;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.library.KeyedServers;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.LibraryGrpc;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a method that is not idempotent, with a key, by each protocol. The server that executes them dies before it responds. */
@Timeout(60)
class KeyedCallsTest {
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final String BOOK = "{\"name\":\"a\"}";
    private static final String IN_DOUBT = "may already have run and is not idempotent";
    private static final Metadata.Key<String> REPLAYED = name("idempotency-replayed");

    private final KeyedServers servers = new KeyedServers();
    private final Queue<CallRecord> records = new ConcurrentLinkedQueue<>();
    private final HttpGateway gateway =
            new HttpGateway(parts -> new HttpGateway.Extension(Documents.NONE, records::add));

    private static Metadata.Key<String> name(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** {@code honoured}: how many of the servers say that they honour keys. */
    private void start(int honoured) {
        for (int i = 0; i < 3; i++) {
            gateway.register(i < honoured, "library-" + i, servers.start(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        }
        await().until(gateway.schemas()::settled);
        servers.killNext();
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-1", "\"key-1\""})
    void json_isExecutedOnce_andAnswered(String key) {
        start(3);
        HttpResponse<String> response = gateway.post(ECHO, BOOK, "Idempotency-Key", key);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(BOOK);
        assertThat(response.headers().firstValue("middleware-attempts")).hasValue("2");
        assertThat(response.headers().firstValue("idempotency-replayed")).hasValue("true");
        assertThat(response.headers().firstValue("middleware-idempotency-key")).hasValue("honoured");
        assertThat(servers.executed()).containsExactly("key-1");
        assertThat(gateway.post(ECHO, BOOK, "Idempotency-Key", key).headers().firstValue("idempotency-replayed"))
                .as("sent again by its caller")
                .hasValue("true");
        assertThat(records.peek().steps())
                .filteredOn(step -> step instanceof Step.Responded responded && responded.replayed())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"application/grpc-web+proto", "application/grpc"})
    void frames_areExecutedOnce_andAnswered(String type) {
        start(3);
        try (WebCaller caller = new WebCaller(gateway.grpcPort())) {
            byte[] body =
                    WebCaller.envelopes(Book.newBuilder().setName("a").build().toByteArray());
            RawHttp2Peer.Response response = caller.call(ECHO, type, body, "idempotency-key", "\"key-1\"");
            assertThat(response.get("idempotency-replayed")).isEqualTo("true");
            assertThat(response.get("middleware-attempts")).isEqualTo("2");
        }
        assertThat(servers.executed()).containsExactly("key-1");
    }

    @Test
    void connect_isExecutedOnce_andAnswered() {
        start(3);
        HttpResponse<String> response =
                gateway.post(ECHO, BOOK, "Connect-Protocol-Version", "1", "Idempotency-Key", "key-1");
        assertThat(response.body()).isEqualTo(BOOK);
        assertThat(servers.executed()).containsExactly("key-1");
    }

    @Test
    void grpc_isExecutedOnce_andAnswered() {
        start(3);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        assertThat(echo(headers, "idempotency-key", "key-1").getName()).isEqualTo("a");
        assertThat(headers.get().get(REPLAYED)).isEqualTo("true");
        assertThat(servers.executed()).containsExactly("key-1");
    }

    @Test
    void withoutAKey_isExecutedOnce_andInDoubt() {
        start(3);
        HttpResponse<String> response = gateway.post(ECHO, BOOK);
        assertThat(response.body()).contains(IN_DOUBT);
        assertThat(response.headers().firstValue("middleware-idempotency-key")).isEmpty();
        assertThat(servers.executed()).hasSize(1);
    }

    /** They would be refused by a server, so that no server could recognise a call by them. */
    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "two words", "\"two words\""})
    void whatIsNoKey_isNoLicence(String key) {
        start(3);
        assertThat(gateway.post(ECHO, BOOK, "Idempotency-Key", key).body()).contains(IN_DOUBT);
        assertThat(servers.executed()).hasSize(1);
    }

    @Test
    void whereNoInstanceHonoursKeys_isExecutedOnce_andInDoubt() {
        start(0);
        HttpResponse<String> response = gateway.post(ECHO, BOOK, "Idempotency-Key", "key-1");
        assertThat(response.body()).contains(IN_DOUBT);
        assertThat(servers.executed()).hasSize(1);
    }

    /** A gateway that has just started must know its instances for as long as the call is on its way. */
    @ParameterizedTest
    @CsvSource({"middleware-resent, 0.100", "middleware-resent, yes", "grpc-previous-rpc-attempts, 1"})
    void sentBefore_runsByItsKey(String header, String value) {
        start(3);
        await().ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(() -> echo(new AtomicReference<>(), "idempotency-key", "key-1", header, value)
                        .getName()
                        .equals("a"));
        assertThat(servers.executed()).containsExactly("key-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"middleware-resent", "grpc-previous-rpc-attempts"})
    void sentBefore_isRefusedWhereKeysAreNotHonoured(String header) {
        start(2);
        try {
            echo(new AtomicReference<>(), "idempotency-key", "key-1", header, "1");
            throw new AssertionError("expected a refusal");
        } catch (StatusRuntimeException refused) {
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refused.getStatus().getDescription()).contains(IN_DOUBT);
        }
        assertThat(servers.executed()).isEmpty();
    }

    @Test
    void sentBefore_byHttp_runsByItsKeyWhereEachInstanceHonoursIt() {
        start(3);
        await().until(() -> gateway.post(ECHO, BOOK, "middleware-resent", "0.100", "Idempotency-Key", "key-1")
                        .statusCode()
                == 200);
        assertThat(gateway.post(ECHO, BOOK, "middleware-resent", "yes").statusCode())
                .isEqualTo(503);
        assertThat(servers.executed()).containsExactly("key-1");
    }

    @Test
    void sentBefore_byHttp_isRefusedWhereAnInstanceDoesNotHonourKeys() {
        start(2);
        HttpResponse<String> response =
                gateway.post(ECHO, BOOK, "middleware-resent", "yes", "Idempotency-Key", "key-1");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains(IN_DOUBT);
        assertThat(servers.executed()).isEmpty();
    }

    private Book echo(AtomicReference<Metadata> responseHeaders, String... headers) {
        Metadata metadata = new Metadata();
        for (int i = 0; i < headers.length; i += 2) {
            metadata.put(name(headers[i]), headers[i + 1]);
        }
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .disableRetry()
                .build();
        try {
            return LibraryGrpc.newBlockingStub(channel)
                    .withInterceptors(
                            MetadataUtils.newAttachHeadersInterceptor(metadata),
                            MetadataUtils.newCaptureMetadataInterceptor(responseHeaders, new AtomicReference<>()))
                    .echo(Book.newBuilder().setName("a").build());
        } finally {
            channel.shutdownNow();
        }
    }
}
