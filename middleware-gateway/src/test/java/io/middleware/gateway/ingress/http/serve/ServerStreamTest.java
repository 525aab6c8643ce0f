package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.numbers.NumbersServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server's stream by HTTP. */
class ServerStreamTest {
    private static final String METHOD = "/numbers.v1.Numbers/Count";

    private final HttpGateway gateway = new HttpGateway();
    private final NumbersServer server = new NumbersServer();

    @BeforeEach
    void register() {
        gateway.register("a", server.port(), Pool.PRIMARY, NumbersServer.GRPC_SERVICE);
        await().until(() -> gateway.get("/v1/numbers?count=0").statusCode() == 200);
    }

    @AfterEach
    void close() {
        gateway.close();
        server.close();
    }

    private HttpResponse<String> get(String path, String accept) {
        return gateway.send(gateway.request(path).GET().header("Accept", accept));
    }

    @Test
    void lines_areOneMessageEach() {
        HttpResponse<String> response = get("/v1/numbers?count=3", "application/x-ndjson");

        assertThat(response.body()).isEqualTo("{\"value\":\"1\"}\n{\"value\":\"2\"}\n{\"value\":\"3\"}\n");
        assertThat(response.headers().map())
                .containsEntry("content-type", java.util.List.of("application/x-ndjson"))
                .containsEntry("cache-control", java.util.List.of("no-store"))
                .containsEntry("x-accel-buffering", java.util.List.of("no"))
                .containsEntry("middleware-instance", java.util.List.of("a"))
                .containsKeys("x-call-id", "middleware-gateway", "middleware-attempts");
    }

    @Test
    void events_haveIdAndData() {
        HttpResponse<String> response = get("/v1/numbers?count=2", "text/event-stream");

        assertThat(response.body()).isEqualTo("id: 1\ndata: {\"value\":\"1\"}\n\nid: 2\ndata: {\"value\":\"2\"}\n\n");
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    }

    @Test
    void withoutAccept_messagesAreAnArray() {
        HttpResponse<String> response = gateway.get("/v1/numbers?count=2");

        assertThat(response.body()).isEqualTo("[{\"value\":\"1\"},\n{\"value\":\"2\"}]\n");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void methodPath_isCalledByPost() {
        assertThat(gateway.post(METHOD, "{\"count\":1}", "Accept", "application/jsonl")
                        .body())
                .isEqualTo("{\"value\":\"1\"}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|[]\n",
                "application/x-ndjson|''",
                "text/event-stream|''",
            })
    void emptyStream_isEmptyInEachForm(String accept, String expected) {
        HttpResponse<String> response = gateway.send(gateway.request("/v1/numbers?count=0")
                .GET()
                .header("Accept", accept)
                .header("echo", "hi"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().strip()).isEqualTo(expected.strip());
        assertThat(response.headers().firstValue("trailer-echo")).hasValue("hi");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|[{\"value\":\"1\"},\\n{\"error\":E}]\\n",
                "application/x-ndjson|{\"value\":\"1\"}\\n{\"error\":E}\\n",
                "text/event-stream|id: 1\\ndata: {\"value\":\"1\"}\\n\\nevent: error\\ndata: E\\n\\n",
            })
    void errorAfterTheFirstMessage_isLast(String accept, String expected) {
        HttpResponse<String> response = get("/v1/numbers?count=1&code=9", accept);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(expected.replace("\\n", "\n")
                        .replace("E", "{\"code\":\"failed_precondition\",\"message\":\"as requested\"}"));
    }

    @Test
    void errorForAGoogleClient_hasItsForm() {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/numbers?count=1&code=9").GET().header("x-goog-api-client", "test"));

        assertThat(response.body())
                .endsWith("{\"error\":{\"code\":400,\"message\":\"as requested\","
                        + "\"status\":\"FAILED_PRECONDITION\"}}]\n");
    }

    @Test
    void errorBeforeTheFirstMessage_isAnOrdinaryResponse() {
        HttpResponse<String> response = get("/v1/numbers?count=0&code=5", "text/event-stream");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo("{\"code\":\"not_found\",\"message\":\"as requested\"}");
    }

    @Test
    void typeThatCannotBeGiven_is406() {
        HttpResponse<String> response = get("/v1/numbers?count=1", "text/html");

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(response.body())
                .contains("Accept: text/html (expected: one of application/json, application/x-ndjson, "
                        + "text/event-stream)");
        assertThat(server.sent()).isZero();
    }

    @Test
    void connectClient_mustCallAStreamAsOne() {
        HttpResponse<String> response = gateway.post(METHOD, "{}", "Connect-Protocol-Version", "1");

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept-post"))
                .hasValue("application/connect+json, application/connect+proto");
    }

    @Test
    void protobuf_isNoStream() {
        HttpResponse<String> response = gateway.post(METHOD, "", "Content-Type", "application/proto");

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept-post")).hasValue("application/json");
    }

    @Test
    void httpBodies_areTheBody() {
        HttpResponse<String> response = get("/v1/numbers:download?count=3", "text/html");

        assertThat(response.body()).isEqualTo("1\n2\n3\n");
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain");
    }

    @Test
    void httpBodiesOfAPromptCall_areCollectedWhereTheyMayPause() {
        HttpResponse<String> first = gateway.send(
                gateway.request("/v1/numbers:download?count=3").GET().header("middleware-defer", "1"));
        assertThat(first.headers().firstValue("x-accel-redirect")).hasValue("@deferred_with_pauses");
        assertThat(first.body()).isEmpty();

        HttpResponse<String> second = gateway.send(gateway.request("/").GET().header("middleware-deferred", "1"));
        assertThat(second.body()).isEqualTo("1\n2\n3\n");
        assertThat(second.headers().firstValue("content-type")).hasValue("text/plain");
    }

    @Test
    void brokenHttpBodies_haveNoEnd() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> get("/v1/numbers:download?count=2&code=13", "*/*"))
                .hasMessageContaining("no answer");
    }

    @Test
    void prettyPrint_breaksNoLine() {
        assertThat(get("/v1/numbers?count=2&$prettyPrint=true", "application/x-ndjson")
                        .body()
                        .lines())
                .containsExactly("{\"value\":\"1\"}", "{\"value\":\"2\"}");
    }

    @Test
    void firstMessage_comesBeforeTheSecond() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                BufferedReader lines = open(client, "count=5&stopAfter=2", "application/x-ndjson")) {
            assertThat(lines.readLine()).isEqualTo("{\"value\":\"1\"}");
            assertThat(lines.readLine()).isEqualTo("{\"value\":\"2\"}");
            client.shutdownNow();
            await().atMost(Duration.ofSeconds(5)).until(() -> server.cancelled() == 1);
        }
    }

    @Test
    void silentStream_beginsAndIsKeptAlive() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            try (BufferedReader events = open(client, "count=5&stopAfter=1", "text/event-stream")) {
                assertThat(IntStream.range(0, 5).mapToObj(i -> read(events)).collect(Collectors.joining("\n")))
                        .isEqualTo("id: 1\ndata: {\"value\":\"1\"}\n\n:\n");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
            client.shutdownNow();
        }
    }

    @Test
    void slowReader_stopsFastServer() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                BufferedReader lines = open(client, "count=-1&size=1000", "application/x-ndjson")) {
            assertThat(lines.readLine()).startsWith("{\"value\":\"1\"");
            AtomicLong last = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                long now = server.sent();
                return last.getAndSet(now) == now;
            });
            // what the sockets, windows and buffers between hold
            assertThat(server.sent()).isLessThan(20_000);
            long before = server.sent();
            for (int i = 0; i < 20_000; i++) {
                assertThat(lines.readLine()).startsWith("{\"value\":\"" + (i + 2) + "\"");
            }
            assertThat(server.sent()).isGreaterThan(before);
            client.shutdownNow();
            await().atMost(Duration.ofSeconds(1)).until(() -> server.cancelled() == 1);
        }
    }

    @Test
    void largeMessages_stayInOrder() {
        HttpResponse<String> response = get("/v1/numbers?count=20&size=100000", "application/x-ndjson");

        assertThat(response.body().lines().map(line -> line.substring(0, line.indexOf(','))))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20)
                        .mapToObj(i -> "{\"value\":\"" + i + "\"")
                        .toList());
        assertThat(response.body()).hasSizeGreaterThan(2_000_000);
    }

    @Test
    void callersDeadline_ends() {
        HttpResponse<String> response = gateway.send(gateway.request("/v1/numbers?count=2&stopAfter=1")
                .GET()
                .header("Accept", "application/x-ndjson")
                .header("Connect-Timeout-Ms", "300"));

        assertThat(response.body()).contains("{\"value\":\"1\"}\n{\"error\":{\"code\":\"deadline_exceeded\"");
    }

    @Test
    void streamThatHasNotBegun_movesToAnotherInstance() {
        server.close();
        try (NumbersServer other = new NumbersServer()) {
            gateway.register("b", other.port(), Pool.PRIMARY, NumbersServer.GRPC_SERVICE);
            for (int i = 0; i < 20; i++) {
                assertThat(get("/v1/numbers?count=1", "application/x-ndjson").body())
                        .isEqualTo("{\"value\":\"1\"}\n");
            }
        }
    }

    @Test
    void streamThatHasBegun_endsWithAnErrorWhenItsServerDies() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                BufferedReader lines = open(client, "count=5&stopAfter=1", "application/x-ndjson")) {
            assertThat(lines.readLine()).isEqualTo("{\"value\":\"1\"}");
            server.close();
            assertThat(lines.readLine())
                    .startsWith("{\"error\":{\"code\":")
                    .contains("a broke off in the middle of its response");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void head_hasNoBodyAndEndsTheCall() {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/numbers?count=-1").HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        await().until(() -> server.cancelled() == 1);
    }

    private HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/numbers?" + query));
    }

    private BufferedReader open(HttpClient client, String query, String accept)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(request(query).header("Accept", accept).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String read(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
