package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Book;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On real sockets and one event loop: what is large is worked on when a test says so, and the loop goes on meanwhile. */
class JsonWorkersTest {
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final String WAIT = "/library.v1.Library/Wait";
    private static final String FILE = "/v1/files/size/";
    private static final int LARGE = 1 << 20;

    private final BodyBudget bodies = new BodyBudget(8 * LARGE);
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
    private final HttpGateway gateway = new HttpGateway(bodies, work::add);
    private final HttpClient caller = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        caller.shutdownNow();
        gateway.close();
        library.close();
    }

    @Test
    void whileALargeRequestIsTranslated_othersGetResponses() throws Exception {
        CompletableFuture<HttpResponse<String>> large = send(post(WAIT, spaced("{\"time\":\"0s\"}")));
        Runnable translation = next();

        assertThat(gateway.post(ECHO, "{\"title\":\"small\"}").body()).isEqualTo("{\"title\":\"small\"}");
        assertThat(large).isNotDone();
        assertThat(bodies.held()).isGreaterThan(LARGE);
        translation.run();

        assertThat(large.get(10, TimeUnit.SECONDS).body()).isEqualTo("{}");
        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
    }

    @Test
    void whileALargeReplyIsTranslated_othersGetResponses() throws Exception {
        CompletableFuture<HttpResponse<String>> large =
                send(gateway.request(FILE + LARGE).GET());
        Runnable translation = next();

        assertThat(gateway.post(ECHO, "{\"title\":\"small\"}").body()).isEqualTo("{\"title\":\"small\"}");
        assertThat(large).isNotDone();
        translation.run();

        assertThat(large.get(10, TimeUnit.SECONDS).body())
                .hasSize(2 + 6 * LARGE)
                .startsWith("\"\\u0000");
        assertThat(large.join().headers().firstValue("middleware-instance")).hasValue("library-1");
    }

    @Test
    void bodyThatUnfoldsLarge_isUnfoldedBesideTheLoopToo() throws Exception {
        CompletableFuture<HttpResponse<String>> large = send(gateway.request(WAIT)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip(spaced("{\"time\":\"0s\"}")))));
        Runnable unfolding = next();

        assertThat(gateway.post(ECHO, "{}").body()).isEqualTo("{}");
        unfolding.run();
        next().run();

        assertThat(large.get(10, TimeUnit.SECONDS).body()).isEqualTo("{}");
    }

    @Test
    void deadline_endsACallWhoseWorkHasNotBegun() throws Exception {
        HttpResponse<String> response = send(post(WAIT, spaced("{}")).header("Connect-Timeout-Ms", "50"))
                .get(10, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body())
                .contains("deadline_exceeded", "the deadline passed before the gateway had translated a large body");
        assertThat(bodies.held()).as("the body is in the queue still").isGreaterThan(LARGE);
        next().run();
        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
    }

    @Test
    void callerThatGoes_leavesItsBodyCountedUntilTheWorkIsOver() throws Exception {
        try (Socket gone = new Socket("127.0.0.1", gateway.port())) {
            String body = spaced("{\"time\":\"600s\"}");
            gone.getOutputStream()
                    .write(("POST " + WAIT
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> !work.isEmpty());
        }
        await().until(() -> gateway.connections() == 0);
        assertThat(bodies.held()).isGreaterThan(LARGE);

        next().run();
        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
    }

    @Test
    void whatPassesAsItIs_takesNoWork() throws Exception {
        byte[] book = Book.newBuilder().setTitle("a".repeat(LARGE)).build().toByteArray();

        HttpResponse<byte[]> response = caller.send(
                gateway.request(ECHO)
                        .header("Content-Type", "application/proto")
                        .POST(BodyPublishers.ofByteArray(book))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(response.body()).isEqualTo(book);
        assertThat(work).isEmpty();
    }

    private Runnable next() throws InterruptedException {
        Runnable next = work.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("work beside the loop").isNotNull();
        return next;
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return caller.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder post(String path, String json) {
        return gateway.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    /** With spaces, so that it is large and its message small. */
    private static String spaced(String json) {
        return json + " ".repeat(LARGE);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
