package io.middleware.gateway.sticky;

import static io.middleware.gateway.ingress.WebCaller.envelope;
import static io.middleware.gateway.ingress.WebCaller.envelopes;
import static io.middleware.gateway.ingress.WebCaller.gzip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.MessageLite;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.CallHandler;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Author;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.GetBookRequest;
import io.middleware.gateway.library.v1.SearchBooksRequest;
import io.middleware.gateway.library.v1.TagBookRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By whatever protocol a call comes: equal keys go to the same of three real servers, and to the next in rank after its death. */
@Timeout(60)
class StickyProtocolsTest {
    private static final String GET_BOOK = "/library.v1.Library/GetBook";
    private static final String TAG_BOOK = "/library.v1.Library/TagBook";
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final String WATCH = "/library.v1.Library/WatchBooks";
    private static final String GRPC = "application/grpc";
    private static final int KEYS = 12;
    private static final int TRIES = 20;

    private final Map<String, LibraryServer> servers = new LinkedHashMap<>();
    private final HttpGateway gateway = new HttpGateway(
            parts -> new HttpGateway.Extension(Documents.NONE, null, StickyProtocolsTest::knowingCallers));
    private final WebCaller caller = new WebCaller(gateway.grpcPort());

    /** What the gate does once it knows who calls. */
    private static CallHandler knowingCallers(CallHandler calls) {
        return call -> {
            var headers = ((NettyHeaders) call.headers()).http2();
            CharSequence known = headers.get("test-caller");
            if (known != null) {
                headers.set(MiddlewareHeaders.CALLER, known);
            }
            return calls.start(call);
        };
    }

    @AfterEach
    void close() {
        caller.close();
        gateway.close();
        servers.values().forEach(LibraryServer::close);
    }

    @Test
    void field_isTheSameKeyByEachProtocol() {
        start("field:name");
        Set<String> used = new TreeSet<>();
        for (int i = 0; i < KEYS; i++) {
            String name = "book-" + i;
            byte[] request = GetBookRequest.newBuilder().setName(name).build().toByteArray();
            String first = grpc(GRPC, GET_BOOK, envelopes(request));
            used.add(first);
            assertThat(Map.of(
                            "gRPC, compressed",
                            grpc(GRPC, GET_BOOK, envelope(1, gzip(request)), "grpc-encoding", "gzip"),
                            "gRPC-Web",
                            grpc("application/grpc-web+proto", GET_BOOK, envelopes(request)),
                            "gRPC with JSON",
                            grpc(GRPC + "+json", GET_BOOK, envelopes(("{\"name\":\"" + name + "\"}").getBytes(UTF_8))),
                            "HTTP mapping",
                            instance(gateway.request("/v1/books/" + name).GET()),
                            "JSON",
                            json(GET_BOOK, "{\"name\":\"" + name + "\"}"),
                            "Connect",
                            connect(GET_BOOK, request),
                            "another method",
                            grpc(GRPC, TAG_BOOK, envelopes(tagged(name)))))
                    .allSatisfy((protocol, instance) ->
                            assertThat(instance).as(protocol).isEqualTo(first));
        }
        assertThat(used).hasSizeGreaterThan(1);
    }

    @Test
    void fieldOfAStreamsRequest_isAKeyToo() {
        start("field:author.first_name");
        Set<String> used = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            byte[] request = SearchBooksRequest.newBuilder()
                    .setText("x".repeat(i))
                    .setLimit(2)
                    .setAuthor(Author.newBuilder().setFirstName("ada-" + i))
                    .build()
                    .toByteArray();
            String first = grpc(GRPC, WATCH, envelopes(request));
            used.add(first);
            String json = "{\"author\":{\"firstName\":\"ada-" + i + "\"},\"limit\":1}";
            assertThat(grpc("application/connect+json", WATCH, envelopes(json.getBytes(UTF_8))))
                    .isEqualTo(first);
            assertThat(instance(gateway.request("/v1/books:watch?limit=1&author.first_name=ada-" + i)
                            .GET()))
                    .isEqualTo(first);
        }
        assertThat(used).hasSizeGreaterThan(1);
    }

    @Test
    void requestThatComesByteByByte_isWaitedFor() {
        start("field:name");
        for (int i = 0; i < 4; i++) {
            byte[] frame = envelopes(tagged("book-" + i));
            String first = grpc(GRPC, TAG_BOOK, frame);
            int stream = caller.begin(TAG_BOOK, GRPC, "te", "trailers");
            for (byte one : frame) {
                caller.peer().data(stream, false, one);
            }
            caller.peer().data(stream, true);
            assertThat(caller.response(stream).get("middleware-instance")).isEqualTo(first);
        }
    }

    @Test
    void largeRequest_isReadAtItsBeginningOnly_andArrivesWhole() {
        start("field:name");
        for (int i = 0; i < 3; i++) {
            Book.Builder book = Book.newBuilder().setName("book-" + i);
            String first = grpc(GRPC, ECHO, envelopes(book.build().toByteArray()));
            String title = "t".repeat(300_000);
            byte[] large = book.setTitle(title).build().toByteArray();
            assertThat(grpc(GRPC, ECHO, envelope(1, gzip(large)), "grpc-encoding", "gzip"))
                    .isEqualTo(first);
            assertThat(connect(ECHO, large)).isEqualTo(first);
            HttpResponse<String> echoed = gateway.send(gateway.request(ECHO)
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString("{\"name\":\"book-" + i + "\",\"title\":\"" + title + "\"}")));
            assertThat(echoed.headers().firstValue("middleware-instance")).contains(first);
            assertThat(echoed.body()).contains(title);
        }
    }

    @Test
    void header_isTheSameKeyByEachProtocol() {
        start("header:x-user");
        Set<String> used = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            String user = "user-" + i;
            String first = grpc(GRPC, GET_BOOK, envelopes(tagged("b")), "x-user", user);
            used.add(first);
            assertThat(instance(gateway.request("/v1/books/b").header("X-User", user)))
                    .isEqualTo(first);
            assertThat(grpc("application/grpc-web+proto", GET_BOOK, envelopes(tagged("b")), "x-user", user))
                    .isEqualTo(first);
        }
        assertThat(used).hasSizeGreaterThan(1);
    }

    @Test
    void caller_isAKey_butOnlyTheOneThatTheGatewayKnows() {
        start("caller");
        Set<String> used = new HashSet<>();
        Set<String> forged = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            String first = grpc(GRPC, GET_BOOK, envelopes(tagged("b")), "test-caller", "shop-" + i);
            used.add(first);
            assertThat(instance(gateway.request("/v1/books/b").header("test-caller", "shop-" + i)))
                    .isEqualTo(first);
            forged.add(grpc(GRPC, GET_BOOK, envelopes(tagged("b")), "middleware-caller", "shop-0"));
        }
        assertThat(used).hasSizeGreaterThan(1);
        assertThat(forged).as("calls that the balancer has spread").hasSizeGreaterThan(1);
    }

    @Test
    void killedServersKeys_goToTheNextInRank_andComeBack() throws Exception {
        start("field:name");
        Map<String, String> before = owners();
        String killed = before.get("book-0");
        int port = servers.get(killed).port();
        servers.get(killed).stop();
        Map<String, String> meanwhile = owners();
        before.forEach((name, owner) -> {
            if (owner.equals(killed)) {
                assertThat(meanwhile.get(name)).isNotEqualTo(killed);
            } else {
                assertThat(meanwhile.get(name)).as(name).isEqualTo(owner);
            }
        });
        assertThat(owners()).as("the next in rank stays the same").isEqualTo(meanwhile);
        servers.put(killed, new LibraryServer(port, ProtoReflectionServiceV1.newInstance()));
        await().untilAsserted(() -> assertThat(owners()).isEqualTo(before));
    }

    private void start(String rule) {
        for (String id : new String[] {"a", "b", "c"}) {
            LibraryServer server = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
            servers.put(id, server);
            gateway.registerSticky(id, server.port(), rule, LibraryServer.GRPC_SERVICE);
        }
        await().until(gateway.schemas()::settled);
    }

    private Map<String, String> owners() {
        Map<String, String> owners = new LinkedHashMap<>();
        for (int i = 0; i < KEYS; i++) {
            owners.put("book-" + i, grpc(GRPC, TAG_BOOK, envelopes(tagged("book-" + i))));
        }
        return owners;
    }

    private static byte[] tagged(String name) {
        MessageLite request =
                TagBookRequest.newBuilder().setName(name).addTags("tag").build();
        return request.toByteArray();
    }

    /** Returns the instance that responded. */
    private String grpc(String contentType, String path, byte[] body, String... more) {
        String[] headers = Arrays.copyOf(more, more.length + 2);
        headers[more.length] = "te";
        headers[more.length + 1] = "trailers";
        return firstChoice(
                () -> caller.call(path, contentType, body, headers),
                response -> Objects.requireNonNullElse(response.get("middleware-attempts"), "1"),
                response -> response.get("middleware-instance"));
    }

    /** Calls again while the response is that of a hedge, which a busy machine causes, or of a retry. */
    private static <R> String firstChoice(
            Supplier<R> call, Function<R, String> attempts, Function<R, String> instance) {
        R response = call.get();
        for (int tries = 1; tries < TRIES && !attempts.apply(response).equals("1"); tries++) {
            response = call.get();
        }
        return instance.apply(response);
    }

    private String json(String path, String body) {
        return instance(
                gateway.request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private String connect(String path, byte[] body) {
        return instance(gateway.request(path)
                .header("content-type", "application/proto")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private String instance(HttpRequest.Builder request) {
        return firstChoice(
                () -> gateway.send(request).headers(),
                headers -> headers.firstValue("middleware-attempts").orElse("1"),
                headers -> headers.firstValue("middleware-instance").orElse("none"));
    }
}
