package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that servers would end connections for, while calls of others are in flight on the same connections to two
 * servers of grpc-java.
 */
@Timeout(60)
@Tag("slow")
class MalformedCallsTest {
    private static final String PATH = "/" + GatewayHarness.SERVICE + "/SayHello";
    private static final int OTHERS = 30;
    private static final int LOOPS = 2;
    private static final String[] USUAL = {
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        PATH,
        ":authority",
        "a",
        "content-type",
        "application/grpc",
        "te",
        "trailers"
    };

    private final GatewayHarness gateway = new GatewayHarness();
    private final List<Server> servers = new ArrayList<>();
    private final List<Metadata> seen = new CopyOnWriteArrayList<>();
    private final List<Others> others = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        for (String id : List.of("one", "two")) {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(new Greeter())
                    .intercept(new Noting())
                    .build()
                    .start();
            servers.add(server);
            gateway.register(id, server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
        }
        gateway.directory().markLoaded();
        gateway.describe(PATH, new MethodTraits(true, MethodTraits.Idempotency.NO_SIDE_EFFECTS));
        // a caller's connection is on one of the gateway's loops, and each of these has connections of its own to the
        // servers
        for (int loop = 0; loop < LOOPS; loop++) {
            others.add(new Others(gateway.server().port()));
        }
        await().until(() ->
                gateway.instance("one").inFlight() + gateway.instance("two").inFlight() == LOOPS * OTHERS);
    }

    @AfterEach
    void stop() throws IOException {
        for (Others some : others) {
            some.connection.close();
        }
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void headersThatAreNone_areRefusedToTheirCallerAlone_withoutAnAttempt() throws IOException {
        for (String[] header : new String[][] {
            {"x-a-bin", "***"},
            {"x-a-bin", "@@@"},
            {"x-a-bin", "YQ YQ"},
            {"x-a-bin", "Y"},
            {"x-a-bin", "=YQ"},
            {"x-a-bin", "YR"},
            {"x-a-bin", "YQ,*"},
            {"x-a-bin", "YQ\u00e9"},
            {"x-a-bin", "YQ\u0000"},
            {"grpc-trace-bin", "%%%"},
            {"X-Upper", "1"},
            {"TE", "trailers"},
            {"x y", "1"},
            {"x\u0000y", "1"},
            {"x\r\ny", "1"},
            {"", "1"},
            {"x:y", "1"},
            {"\u00fc", "1"},
            {"x-a", "1\r\nx-b: 2"},
            {"x-a", "1\n"},
            {"x-a", "\u0000"},
            {"x-a", "\u007f"},
            {"connection", "close"},
            {"connection", "x-a"},
            {"proxy-connection", "keep-alive"},
            {"keep-alive", "timeout=5"},
            {"transfer-encoding", "chunked"},
            {"upgrade", "h2c"},
            {"te", "gzip"},
            {"te", "trailers, deflate"},
            {"te", "trailers"},
            {"content-type", "application/grpc"},
            {"content-type", "text/html"},
            {"grpc-encoding", "gzip"},
            {"host", "elsewhere"},
            {":path", PATH},
            {":method", "POST"},
            {":scheme", "http"},
            {":authority", "a"},
            {":status", "200"},
            {":protocol", "websocket"},
            {":", ""},
            {"grpc-timeout", "x"},
            {"grpc-timeout", "1.5S"},
            {"grpc-timeout", "123456789S"},
            {"grpc-timeout", "-1n"}
        }) {
            String[] headers = header[0].equals("grpc-encoding")
                    ? with(USUAL, "grpc-encoding", "gzip", "grpc-encoding", "gzip")
                    : with(USUAL, header);
            assertRefused(String.join(": ", header), headers);
        }
        assertNobodyWasHarmed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "", "4", "6", "5, 6"})
    void lengthThatIsNotTheContents_resetsTheStreamAlone(String length) throws IOException {
        each(connection -> {
            assertThat(call(connection, with(USUAL, "content-length", length)).reset())
                    .as("PROTOCOL_ERROR")
                    .isEqualTo(1);
            assertThat(call(connection, 3, USUAL).get("grpc-status")).isEqualTo("0");
        });
        assertNobodyWasHarmed();
    }

    @Test
    void requestsWithoutWhatTheyNeed_areRefusedToTheirCallerAlone() throws IOException {
        assertRefused("no :path", without(":path"));
        assertRefused("no :scheme", without(":scheme"));
        for (String path : List.of("", "*", "hello", "/a b", "/\u00e9", "/a\u0000")) {
            assertRefused(":path: " + path, with(without(":path"), ":path", path));
        }
        for (String authority : List.of("a b", "user@a", "a/b", "a\u0000")) {
            assertRefused(":authority: " + authority, with(without(":authority"), ":authority", authority));
            assertRefused("host: " + authority, with(without(":authority"), "host", authority));
        }
        assertNobodyWasHarmed();
    }

    @Test
    void whatCanBeMadeWellFormed_isServed() throws IOException {
        for (String[] headers : new String[][] {
            with(USUAL, "x-a-bin", "YQ=="),
            with(USUAL, "x-a-bin", "YQ"),
            with(USUAL, "x-a-bin", "-_8,YQ==, Yg"),
            with(USUAL, "x-a-bin", ""),
            with(USUAL, "x-a", "Orl\u00e9ans"),
            with(USUAL, "x-a", "a\tb"),
            with(USUAL, "x-a", " a "),
            with(USUAL, "x!a", "1"),
            with(USUAL, "x~a", "1"),
            with(USUAL, "x-a", ""),
            with(USUAL, "cookie", "a=\u00ff", "cookie", "b=1"),
            with(USUAL, "x-call-id", "Zo\u00eb"),
            with(USUAL, "host", "a"),
            with(USUAL, "content-length", "5"),
            with(USUAL, "grpc-status", "x", "grpc-message", "%"),
            without("te"),
            without(":authority"),
            with(without(":authority"), "host", "b:1"),
            with(without(":authority"), ":authority", ""),
            with(without(":scheme"), ":scheme", "https"),
            with(without("te"), "te", "Trailers"),
            with(without(":authority"), ":authority", "[::1]:50061"),
            with(without(":path"), ":path", PATH)
        }) {
            each(connection -> {
                Response response = call(connection, headers);
                assertThat(response.get("grpc-status"))
                        .as("%s: %s", String.join(" ", headers), response)
                        .isEqualTo("0");
            });
        }
        assertNobodyWasHarmed();
    }

    @Test
    void serverGetsMetadata_inTheFormOfGrpc() throws IOException {
        RawHttp2Peer connection = others.getFirst().connection;
        Response response = call(
                connection,
                101,
                with(
                        without("te"),
                        "x-a-bin",
                        "-_8,YQ==, Yg",
                        "x-city",
                        "Orl\u00e9ans",
                        "x-plain",
                        " a ",
                        "x-plain",
                        "b",
                        "x!y",
                        "1",
                        "x-tab",
                        "a\tb",
                        "host",
                        "a",
                        "content-length",
                        "5"));

        assertThat(response.get("grpc-status")).isEqualTo("0");
        assertThat(seen).singleElement().satisfies(metadata -> {
            assertThat(metadata.getAll(Metadata.Key.of("x-a-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                    .containsExactly(new byte[] {(byte) 0xfb, (byte) 0xff}, new byte[] {'a'}, new byte[] {'b'});
            assertThat(metadata.getAll(Metadata.Key.of("x-plain", Metadata.ASCII_STRING_MARSHALLER)))
                    .containsExactly("a", "b");
            assertThat(metadata.keys()).doesNotContain("x-city", "x!y", "x-tab", "host", "content-length");
        });
    }

    @Test
    void requestTrailers_endTheRequest() throws IOException {
        RawHttp2Peer connection = others.getFirst().connection;
        connection.headers(101, false, USUAL);
        connection.data(101, false, new byte[5]);
        connection.headers(101, true, "x-a-bin", "***", "Connection", "close");

        assertThat(connection.response(101).get("grpc-status")).isEqualTo("0");
        assertNobodyWasHarmed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "post", ""})
    void otherMethodsThanPost_areNotAllowed(String method) throws IOException {
        RawHttp2Peer connection = others.getFirst().connection;
        Response response = call(connection, 101, with(without(":method"), ":method", method));

        assertThat(response.get(":status")).isEqualTo("405");
        assertThat(response.get("allow")).isEqualTo("POST");
        assertThat(response.get("grpc-message")).contains(method + " (expected: POST)");
        assertNobodyWasHarmed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/html", "application/grpc-web", "application/grpcx", "application", ""})
    void otherContentTypesThanGrpcs_areNotSupported(String type) throws IOException {
        RawHttp2Peer connection = others.getFirst().connection;
        Response response = call(connection, 101, with(without("content-type"), "content-type", type));

        assertThat(response.get(":status")).isEqualTo("415");
        assertThat(response.get("grpc-message")).contains(type + " (expected: application/grpc)");
        assertNobodyWasHarmed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0n", "1n", "200n", "0S", "00000001n"})
    void timeoutThatHasPassed_isADeadline(String timeout) throws IOException {
        Response response = call(others.getFirst().connection, 101, with(USUAL, "grpc-timeout", timeout));

        assertThat(response.get("grpc-status")).isEqualTo("4");
        assertThat(seen).as("calls that reached a server").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999H", "99999999S", "99999999m"})
    void timeoutOfYears_isServed(String timeout) throws IOException {
        assertThat(call(others.getFirst().connection, 101, with(USUAL, "grpc-timeout", timeout))
                        .get("grpc-status"))
                .isEqualTo("0");
    }

    private interface OnConnection {
        void run(RawHttp2Peer connection) throws IOException;
    }

    /** Runs it on connections of both loops. */
    private void each(OnConnection task) throws IOException {
        for (int loop = 0; loop < LOOPS; loop++) {
            try (RawHttp2Peer connection = RawHttp2Peer.client(gateway.server().port())) {
                task.run(connection);
            }
        }
    }

    private void assertRefused(String what, String[] headers) throws IOException {
        seen.clear();
        each(connection -> {
            Response response = call(connection, headers);
            assertThat(response.get("grpc-status")).as("%s: %s", what, response).isEqualTo("3");
            assertThat(response.get("grpc-message")).as(what).contains("expected");
            // the caller's other calls go on
            assertThat(call(connection, 3, with(without(":path"), ":path", "/none.None/None"))
                            .get("grpc-status"))
                    .isEqualTo("12");
        });
        assertThat(seen).as("%s: attempts", what).isEmpty();
    }

    private void assertNobodyWasHarmed() throws IOException {
        for (Others some : others) {
            some.assertSucceeded();
        }
        assertThat(List.of(gateway.instance("one"), gateway.instance("two")))
                .as("ejected")
                .noneMatch(Instance::ejected);
    }

    private static Response call(RawHttp2Peer connection, String[] headers) throws IOException {
        return call(connection, 1, headers);
    }

    private static Response call(RawHttp2Peer connection, int stream, String[] headers) throws IOException {
        connection.headers(stream, false, headers);
        connection.data(stream, true, new byte[5]);
        return connection.response(stream);
    }

    private static String[] with(String[] headers, String... more) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String[] without(String name) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < USUAL.length; i += 2) {
            if (!USUAL[i].equals(name)) {
                rest.addAll(List.of(USUAL[i], USUAL[i + 1]));
            }
        }
        return rest.toArray(String[]::new);
    }

    /** Calls in flight of a method that is not idempotent. */
    private static final class Others {
        private final RawHttp2Peer connection;

        Others(int port) throws IOException {
            connection = RawHttp2Peer.client(port);
            for (int i = 0; i < OTHERS; i++) {
                connection.headers(
                        2 * i + 1,
                        false,
                        with(without(":path"), ":path", "/" + GatewayHarness.SERVICE + "/SayHelloTogether"));
                connection.data(2 * i + 1, false, new byte[5]);
            }
        }

        void assertSucceeded() throws IOException {
            for (int i = 0; i < OTHERS; i++) {
                connection.data(2 * i + 1, true, new byte[5]);
                Response response = connection.response(2 * i + 1);
                assertThat(response.get("grpc-status"))
                        .as("call %s: %s", i, response)
                        .isEqualTo("0");
            }
        }
    }

    private final class Noting implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (call.getMethodDescriptor().getBareMethodName().equals("SayHello")) {
                seen.add(headers);
            }
            return next.startCall(call, headers);
        }
    }

    private static final class Greeter extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.getDefaultInstance());
            reply.onCompleted();
        }

        @Override
        public StreamObserver<HelloRequest> sayHelloTogether(StreamObserver<HelloReply> reply) {
            AtomicInteger count = new AtomicInteger();
            return new StreamObserver<>() {
                @Override
                public void onNext(HelloRequest request) {
                    count.incrementAndGet();
                }

                @Override
                public void onError(Throwable failure) {
                    reply.onError(Status.CANCELLED.asRuntimeException());
                }

                @Override
                public void onCompleted() {
                    reply.onNext(HelloReply.newBuilder().setMessage("" + count).build());
                    reply.onCompleted();
                }
            };
        }
    }
}
