package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.numbers.NumbersServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream holds of the memory for bodies while it is open. */
class StreamMemoryTest {
    private static final int LARGE = 300_000;

    private final BodyBudget bodies = new BodyBudget(4L * LARGE);
    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final HttpGateway gateway = new HttpGateway(bodies, workers);
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
        workers.shutdownNow();
    }

    @Test
    void largeResponseMessage_isHeldUntilItIsRead() throws IOException {
        try (Socket caller = new Socket("127.0.0.1", gateway.port())) {
            send(
                    caller,
                    "GET /v1/numbers?count=2&stopAfter=1&size=" + LARGE
                            + " HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n");
            BufferedReader response =
                    new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
            String line = response.readLine();
            while (line.length() < LARGE && !line.contains("value")) {
                line = response.readLine();
            }

            await().until(() -> bodies.held() == 0);
            assertThat(server.cancelled()).as("the stream is open").isZero();
        }
    }

    @Test
    void longLineOfARequest_isHeldUntilItIsSent() throws IOException {
        try (Socket caller = new Socket("127.0.0.1", gateway.port())) {
            String line = "{\"value\":1,\"text\":\"" + "x".repeat(LARGE) + "\"}\n";
            send(
                    caller,
                    "POST /v1/numbers:sum HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                            + "Content-Length: 10000000\r\n\r\n" + line);

            await().until(() -> server.received() == 1);
            await().until(() -> bodies.held() == 0);
            assertThat(server.cancelled()).as("the stream is open").isZero();
        }
    }

    private static void send(Socket caller, String text) throws IOException {
        OutputStream out = caller.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
