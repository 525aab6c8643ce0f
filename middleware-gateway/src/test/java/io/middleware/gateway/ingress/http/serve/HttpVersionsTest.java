package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The port for HTTP by both versions, and requests there that servers would end connections for, while calls are in
 * flight.
 */
@Timeout(60)
@Tag("slow")
class HttpVersionsTest {
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final String BODY = "{\"title\":\"a\"}";
    private static final int OTHERS = 30;
    /** What a server gets with each call. */
    private static final List<String> USUALLY_SEEN = List.of("content-type", "grpc-accept-encoding", "x-call-id");

    private static LibraryServer library;
    private static HttpGateway gateway;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway = new HttpGateway().register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        gateway.close();
        library.close();
    }

    @Test
    void callByHttp2_succeeds() throws IOException {
        try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
            Response response = post(caller, 1, "echo", "a", "x-upper", "1");

            assertThat(response.get(":status")).isEqualTo("200");
            assertThat(response.get("trailer-echo")).isEqualTo("a");
            assertThat(text(response)).isEqualTo(BODY);
            assertThat(response.get("headers-seen").split(" "))
                    .as("what the server gets")
                    .contains("echo", "x-upper")
                    .hasSize(USUALLY_SEEN.size() + 2)
                    .containsAll(USUALLY_SEEN);
        }
    }

    @Test
    void callsByHttp2_shareAConnection() throws IOException {
        try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
            List<Integer> streams = new ArrayList<>();
            for (int stream = 1; stream < 100; stream += 2) {
                send(caller, stream);
                streams.add(stream);
            }
            assertThat(caller.responses(streams))
                    .extracting(response -> response.get(":status"))
                    .containsOnly("200");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"/v1/books/a 200", "/v1/books/a|b 200", "/v1/books/[a] 200", "/none 404", "/v1/books/%zz 400"})
    void targetByHttp2_isReadAsByHttp1(String target, int status) throws IOException {
        try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
            caller.headers(1, true, ":method", "GET", ":scheme", "http", ":path", target, ":authority", "a");
            assertThat(caller.response(1).get(":status")).isEqualTo("" + status);
            assertThat(http1("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    /** By a header of HTTP/1.1; a JDK client asks so of each server that it does not know. */
    @Test
    void requestToUpgradeToHttp2_isServedByHttp1() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + ECHO))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo(BODY);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void malformedRequestsByHttp2_resetTheirStreamsAlone() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> others = others();
        for (String[] header : new String[][] {
            {"X-Upper", "1"},
            {"TE", "trailers"},
            {"x y", "1"},
            {"", "1"},
            {"x:y", "1"},
            {"\u00fc", "1"},
            {"x\r\ny", "1"},
            {"x-a", "1\r\nx-b: 2"},
            {"x-a", "\u0000"},
            {"x-a", "\u007f"},
            {"x-a", " b"},
            {"connection", "close"},
            {"keep-alive", "1"},
            {"proxy-connection", "close"},
            {"transfer-encoding", "chunked"},
            {"upgrade", "h2c"},
            {"te", "gzip"},
            {"te", "trailers, gzip"},
            {":path", "/"},
            {":method", "POST"},
            {":scheme", "http"},
            {":authority", "a"},
            {":status", "200"},
            {":odd", "1"},
            {"host", "elsewhere"},
            {"content-type", "text/html"},
            {"content-length", "-1"},
            {"content-length", "x"},
            {"content-length", "5"},
            {"content-length", "50"}
        }) {
            try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
                String what = String.join(": ", header);
                assertThat(post(caller, 1, header).reset()).as(what).isPositive();
                assertThat(post(caller, 3).get(":status"))
                        .as("next call after %s", what)
                        .isEqualTo("200");
            }
        }
        assertSucceeded(others);
    }

    @Test
    void headersThatAreNoMetadata_stayHere_byBothVersions() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> others = others();
        for (String[] header : new String[][] {
            {"x-city", "Orl\u00c3\u00a9ans"},
            {"x-latin", "\u00e9"},
            {"x!mark", "1"},
            {"x~y", "1"},
            {"x'y", "1"},
            {"x-tab", "a\tb"},
            {"grpc-status", "1"},
            {"grpc-encoding", "gzip"},
            {"x-http2-scheme", "x"}
        }) {
            String what = String.join(": ", header);
            try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
                Response response = post(caller, 1, header);
                assertThat(response.get(":status")).as(what).isEqualTo("200");
                assertThat(response.get("headers-seen").split(" "))
                        .as(what)
                        .containsExactlyInAnyOrderElementsOf(USUALLY_SEEN);
            }
            String response = http1(post(header));
            assertThat(response).as(what).startsWith("HTTP/1.1 200");
            assertThat(response.split("headers-seen: ")[1].split("\r\n")[0].split(" "))
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(USUALLY_SEEN);
        }
        assertSucceeded(others);
    }

    @Test
    void headersThatConcernTheConnection_stayHere_byHttp1() throws Exception {
        for (String[] header : new String[][] {
            {"Proxy-Connection", "keep-alive"},
            {"Keep-Alive", "timeout=5"},
            {"TE", "gzip"},
            {"Upgrade", "h2c"},
            {"HTTP2-Settings", "AAMAAABkAAQAAP__"},
            {"Connection", "close, x-a\r\nX-A: 1"},
            {"Trailer", "x"}
        }) {
            String response = http1(post(header));
            assertThat(response).as(header[0]).startsWith("HTTP/1.1 200");
            assertThat(response.split("headers-seen: ")[1].split("\r\n")[0].split(" "))
                    .as(header[0])
                    .containsExactlyInAnyOrderElementsOf(USUALLY_SEEN);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-A-Bin|***",
                "X-A-Bin|@@@",
                "x-a-bin|YQ YQ",
                "x-a-bin|Y",
                "grpc-x-bin-bin-x-a-bin|YR",
                "X-A-BIN|YQ,*"
            })
    void binaryHeaderThatIsNoBase64_isRefused(String name, String value) throws Exception {
        String response = http1(post(name, value));
        assertThat(response).startsWith("HTTP/1.1 " + (name.startsWith("grpc-") ? "200" : "400"));
        if (!name.startsWith("grpc-")) {
            assertThat(response)
                    .contains("header x-a-bin: " + value + " (expected: base64)")
                    .doesNotContain("middleware-attempts");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"YQ==|YQ", "YQ|YQ", "-_8|+/8", "YQ==,Yg==|Yg", "''|''"})
    void binaryHeader_reachesTheServer(String value, String received) throws Exception {
        assertThat(http1(post("Echo-Bin", value))).startsWith("HTTP/1.1 200").contains("echo-seen-bin: " + received);
    }

    @Test
    void callIdThatIsNoMetadata_isReplaced() throws Exception {
        assertThat(http1(post("X-Call-Id", "Zo\u00eb")))
                .startsWith("HTTP/1.1 200")
                .containsPattern("x-call-id: [0-9a-f]{16}\r\n")
                .containsPattern("call-id-seen: [0-9a-f]{16}\r\n");
    }

    /** Calls in flight that each take a second. */
    private static List<CompletableFuture<HttpResponse<String>>> others() {
        List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(client.sendAsync(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + gateway.port() + "/library.v1.Library/Wait"))
                            .header("Content-Type", "application/json")
                            .timeout(Duration.ofSeconds(20))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"time\":\"3s\"}"))
                            .build(),
                    BodyHandlers.ofString()));
        }
        await().atMost(Duration.ofSeconds(2))
                .until(() -> gateway.directory()
                                .serviceOf(LibraryServer.GRPC_SERVICE)
                                .candidates()
                                .all()
                                .getFirst()
                                .inFlight()
                        == OTHERS);
        return others;
    }

    private static void assertSucceeded(List<CompletableFuture<HttpResponse<String>>> others) {
        assertThat(others).allSatisfy(other -> assertThat(other).isNotDone());
        assertThat(others).extracting(CompletableFuture::join).allSatisfy(response -> {
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("middleware-attempts")).contains("1");
        });
        assertThat(gateway.directory()
                        .serviceOf(LibraryServer.GRPC_SERVICE)
                        .candidates()
                        .all()
                        .getFirst()
                        .ejected())
                .isFalse();
    }

    private static String post(String... header) {
        return "POST " + ECHO + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + BODY.length() + "\r\n"
                + header[0] + ": " + header[1] + "\r\n"
                + (header[0].equals("Connection") ? "" : "Connection: close\r\n") + "\r\n"
                + BODY;
    }

    /** Sends octets, and returns what comes until the connection ends. */
    private static String http1(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static Response post(RawHttp2Peer caller, int stream, String... more) throws IOException {
        send(caller, stream, more);
        return caller.response(stream);
    }

    private static void send(RawHttp2Peer caller, int stream, String... more) {
        List<String> headers = new ArrayList<>(List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                ECHO,
                ":authority",
                "a",
                "content-type",
                "application/json"));
        headers.addAll(List.of(more));
        caller.headers(stream, false, headers.toArray(String[]::new));
        caller.data(stream, true, BODY.getBytes(StandardCharsets.UTF_8));
    }
}
