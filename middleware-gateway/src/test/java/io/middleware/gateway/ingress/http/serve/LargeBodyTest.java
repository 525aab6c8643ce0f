package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What large bodies may hold of the memory, on real sockets. */
class LargeBodyTest {
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final int MB = 1 << 20;

    private final BodyBudget bodies = new BodyBudget(3 * MB);
    private final LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
    private final HttpGateway gateway = new HttpGateway(bodies, Runnable::run);

    @BeforeEach
    void start() {
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        gateway.close();
        library.close();
    }

    @Test
    void bodyOfUnknownLength_isCountedAsItComes() throws IOException {
        try (Socket caller = chunked(2 * MB)) {
            assertThat(caller.isConnected()).isTrue();
            await().untilAsserted(() -> assertThat(bodies.held()).isGreaterThanOrEqualTo(2 * MB));

            HttpResponse<String> other = gateway.post(ECHO, book(2 * MB));
            assertThat(other.statusCode()).as("there is no room for it").isEqualTo(429);
            assertThat(other.body()).contains("too many large bodies at a time");
            assertThat(gateway.post(ECHO, book(1 << 10)).statusCode())
                    .as("it is small")
                    .isEqualTo(200);
        }
        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
        assertThat(gateway.post(ECHO, book(2 * MB)).statusCode()).isEqualTo(200);
    }

    @Test
    void bodyOfUnknownLength_isRefusedBeforeItIsThere_whereItFindsNoRoom() throws IOException {
        try (Socket caller = chunked(3 * MB + (1 << 10))) {
            assertThat(firstLine(caller)).isEqualTo("HTTP/1.1 429 Too Many Requests");
        }
        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
    }

    @Test
    void replyThatFindsNoRoom_isRefused() {
        bodies.lease().growTo(2 * MB);
        HttpResponse<String> response = gateway.get("/v1/files/size/" + (MB + 1));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body())
                .contains(
                        "resource_exhausted",
                        "the server has answered, but there is no room for it: too many large bodies at a time (expected: at most 3145728 bytes in all)");
        assertThat(response.headers().firstValue("middleware-instance")).hasValue("library-1");
        await().untilAsserted(() -> assertThat(bodies.held()).as("the other's").isEqualTo(2 * MB));
    }

    @Test
    void replyThatBecomesLargeAsJson_isCountedAsThat() {
        HttpResponse<String> response = gateway.get("/v1/files/size/" + MB);

        assertThat(response.statusCode()).as("6 MB of escapes").isEqualTo(429);
        assertThat(response.body())
                .contains("resource_exhausted", "too large for this gateway's memory (expected: at most 3145728)");
        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
    }

    @Test
    void reply_isCountedUntilTheCallerHasTakenIt() throws IOException {
        BodyBudget room = new BodyBudget(13 * MB);
        try (HttpGateway roomy = new HttpGateway(room, Runnable::run);
                Socket caller = new Socket()) {
            roomy.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(roomy.schemas()::settled);
            caller.setReceiveBufferSize(4 << 10);
            caller.connect(new InetSocketAddress("127.0.0.1", roomy.port()));
            caller.getOutputStream()
                    .write(("GET /v1/files/size/" + 2 * MB + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = caller.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            assertThat(roomy.post(ECHO, "{}").statusCode())
                    .as("the loop has gone on")
                    .isEqualTo(200);

            assertThat(room.held())
                    .as("its 12 MB do not fit into what the system keeps for a connection")
                    .isGreaterThanOrEqualTo(12 * MB);
            assertThat(in.readAllBytes().length).isGreaterThan(11 * MB);
            await().untilAsserted(() -> assertThat(room.held()).isZero());
        }
    }

    private static String book(int size) {
        return "{\"title\":\"" + "a".repeat(size) + "\"}";
    }

    /** A caller that has sent so much of a body and not said that it is complete. */
    private Socket chunked(int size) throws IOException {
        Socket caller = new Socket("127.0.0.1", gateway.port());
        caller.getOutputStream()
                .write(("POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(size) + "\r\n"
                                + "a".repeat(size))
                        .getBytes(StandardCharsets.US_ASCII));
        return caller;
    }

    private static String firstLine(Socket caller) throws IOException {
        caller.setSoTimeout(10_000);
        StringBuilder line = new StringBuilder();
        for (int c = caller.getInputStream().read();
                c != '\r' && c >= 0;
                c = caller.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
