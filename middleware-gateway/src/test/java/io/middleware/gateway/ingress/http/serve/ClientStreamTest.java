package io.middleware.gateway.ingress.http.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.numbers.NumbersServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller's stream by HTTP. */
class ClientStreamTest {
    private static final String LINES = "application/x-ndjson";

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

    private HttpResponse<String> sum(String body, String contentType) {
        return gateway.post("/v1/numbers:sum", body, "Content-Type", contentType);
    }

    @Test
    void eachLine_isAMessage() {
        HttpResponse<String> response = sum("{\"value\":1}\n\n  \r\n{\"value\":2}\r\n{\"value\":3}", LINES);

        assertThat(response.body()).isEqualTo("{\"value\":\"6\"}");
        assertThat(server.received()).isEqualTo(3);
    }

    @Test
    void noLine_isNoMessage() {
        assertThat(sum("", LINES).body()).isEqualTo("{}");
        assertThat(sum("\n\n", LINES).body()).isEqualTo("{}");
        assertThat(server.received()).isZero();
    }

    @Test
    void oneObject_isOneMessage() {
        assertThat(sum("{\n\"value\":\n4}", "application/json").body()).isEqualTo("{\"value\":\"4\"}");
    }

    @Test
    void methodPath_takesLines() {
        assertThat(gateway.post("/numbers.v1.Numbers/Sum", "{\"value\":1}\n{\"value\":2}\n", "Content-Type", LINES)
                        .body())
                .isEqualTo("{\"value\":\"3\"}");
    }

    @Test
    void malformedLine_isNamedAndEndsTheCall() {
        HttpResponse<String> response = sum("{\"value\":1}\n\n{\"valeu\":2}\n{\"value\":3}\n", LINES);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"code\":\"invalid_argument\"", "line 3: ", "valeu");
        await().until(() -> server.cancelled() == 1);
    }

    @Test
    void linesForAMethodWithoutAStream_are415() {
        HttpResponse<String> response =
                gateway.post("/numbers.v1.Numbers/Count", "{\"count\":1}\n", "Content-Type", LINES);

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept-post")).hasValue("application/json");
    }

    @Test
    void compressedLines_areRefused() {
        HttpResponse<String> response =
                gateway.post("/v1/numbers:sum", "{}\n", "Content-Type", LINES, "Content-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body()).contains("expected: none, for lines of JSON");
    }

    @Test
    void tooLongLine_isNamed() {
        HttpResponse<String> response = sum("{}\n{\"text\":\"" + "x".repeat(HttpGateway.LARGEST) + "\"}", LINES);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).contains("line 2: too long (expected: at most " + HttpGateway.LARGEST + " bytes)");
    }

    @Test
    void largeLines_stayInOrder() {
        StringBuilder body = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            body.append("{\"value\":")
                    .append(i)
                    .append(",\"text\":\"")
                    .append("x".repeat(100_000))
                    .append("\"}\n{}\n");
        }
        HttpResponse<String> response =
                gateway.post("/v1/numbers:double", body.toString(), "Content-Type", LINES, "Accept", LINES);

        String[] lines = response.body().split("\n");
        assertThat(lines).hasSize(40);
        for (int i = 1; i <= 20; i++) {
            assertThat(lines[2 * i - 2]).startsWith("{\"value\":\"" + 2 * i + "\"");
            assertThat(lines[2 * i - 1]).isEqualTo("{}");
        }
    }

    @Test
    void bothStreams_flowAtTheSameTime() throws Exception {
        try (Conversation conversation = new Conversation()) {
            conversation.send("{\"value\":1}\n");
            assertThat(conversation.line()).isEqualTo("{\"value\":\"2\"}");
            conversation.send("{\"value\":5}\n{\"val");
            assertThat(conversation.line()).isEqualTo("{\"value\":\"10\"}");
            conversation.send("ue\":6}\n");
            assertThat(conversation.line()).isEqualTo("{\"value\":\"12\"}");
            conversation.send("oh\n");
            assertThat(conversation.line())
                    .startsWith("{\"error\":{\"code\":\"invalid_argument\",\"message\":\"line 4: ");
            await().until(() -> server.cancelled() == 1);
        }
    }

    @Test
    void vanishedCaller_cancels() throws Exception {
        try (Conversation conversation = new Conversation()) {
            conversation.send("{\"value\":1}\n");
            assertThat(conversation.line()).isEqualTo("{\"value\":\"2\"}");
        }
        await().atMost(Duration.ofSeconds(1)).until(() -> server.cancelled() == 1);
    }

    @Test
    void slowServer_stopsFastCaller() throws Exception {
        server.stopReading();
        AtomicLong sent = new AtomicLong();
        try (Conversation conversation = new Conversation("/v1/numbers:sum")) {
            String line = "{\"value\":1,\"text\":\"" + "x".repeat(1000) + "\"}\n";
            Thread.ofPlatform().start(() -> {
                try {
                    while (sent.incrementAndGet() < 1_000_000) {
                        conversation.send(line);
                    }
                } catch (IOException closed) {
                    // at the end of the test
                }
            });
            AtomicLong last = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                long now = sent.get();
                return last.getAndSet(now) == now;
            });
            assertThat(sent.get()).isLessThan(50_000);
            conversation.reset();
        }
        await().atMost(Duration.ofSeconds(1)).until(() -> server.cancelled() == 1);
    }

    /** Whatever the body is, the call ends with a response, and the gateway serves the next. */
    @Test
    void anyBody_getsAResponse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String valid = "{\"value\":1,\"text\":\"abc\\n\"}\n{}\n\n{\"text\":\"\\u00e4\"}\n";
        for (int i = 0; i < 500; i++) {
            char[] body = valid.toCharArray();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                body[random.nextInt(body.length)] = (char) random.nextInt(128);
            }
            String path = random.nextBoolean() ? "/v1/numbers:double" : "/v1/numbers:sum";
            HttpResponse<String> response = gateway.post(
                    path,
                    new String(body).substring(0, random.nextInt(body.length + 1)),
                    "Content-Type",
                    random.nextInt(4) > 0 ? LINES : "application/json",
                    "Accept",
                    random.nextBoolean() ? LINES : "text/event-stream");
            assertThat(response.statusCode())
                    .as("seed %s, %s", seed, response.body())
                    .isIn(200, 400);
        }
    }

    /** A request whose body is sent piece by piece, as by {@code curl -T .}. */
    private final class Conversation implements AutoCloseable {
        private final Socket socket = new Socket("127.0.0.1", gateway.port());
        private final BufferedReader response =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        private boolean begun;

        Conversation() throws IOException {
            this("/numbers.v1.Numbers/Double");
        }

        Conversation(String path) throws IOException {
            socket.setSoTimeout(10_000);
            write("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: " + LINES + "\r\nAccept: " + LINES
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        void send(String piece) throws IOException {
            write(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
        }

        private void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            socket.getOutputStream().flush();
        }

        /** Returns the next line of the response's body, of which each is in a chunk of its own. */
        String line() throws IOException {
            if (!begun) {
                begun = true;
                assertThat(response.readLine()).isEqualTo("HTTP/1.1 200 OK");
                while (!response.readLine().isEmpty()) {
                    // headers
                }
            }
            response.readLine();
            String line = response.readLine();
            response.readLine();
            return line;
        }

        /** Closing sends no end of the connection before what waits unread; a reset overtakes it. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
