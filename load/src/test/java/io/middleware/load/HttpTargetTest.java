package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.client.CallerCredential;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpTargetTest {

    /** More than the JDK's client tries. */
    private static final int ENDING = 3;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final CyclicBarrier allAtOnce = new CyclicBarrier(ENDING);
    private ServerSocket server;
    private HttpTarget target;

    @BeforeEach
    void startServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        target = new HttpTarget(
                URI.create("http://127.0.0.1:" + server.getLocalPort() + "/hello"),
                new HttpAccess("http://127.0.0.1", null, CallerCredential.NONE),
                "World",
                Duration.ofSeconds(20),
                PriorityShare.ALL,
                threads);
    }

    @AfterEach
    void endServer() throws IOException {
        target.close();
        server.close();
        threads.shutdownNow();
    }

    /** As Nginx does with the connections that were idle when it read its configuration anew. */
    @Test
    void connectionsThatEndWhenTheyAreUsedAgain_loseNothing() {
        accept(connection -> connection <= ENDING ? 1 : Integer.MAX_VALUE);
        List<CompletableFuture<Reply>> first =
                IntStream.range(0, ENDING).mapToObj(call -> call()).toList();
        assertThat(first).allSatisfy(reply -> assertThat(reply.join().error()).isEmpty());
        assertThat(call().join().error()).isEmpty();
        assertThat(requests).as("on each that ended, and on one more").hasValue(2 * ENDING + 1);
    }

    @Test
    void serverThatAnswersNobody_isNotAskedForEver() {
        accept(connection -> 0);
        assertThat(call().join().error()).contains("EOF");
        assertThat(requests).hasValueBetween(1, 20);
    }

    private CompletableFuture<Reply> call() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        target.call("1", reply::complete);
        return reply;
    }

    /**
     * Each connection is closed, without an answer, at the request after as many as {@code answers} says of its number.
     */
    private void accept(IntUnaryOperator answers) {
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    int connection = connections.incrementAndGet();
                    threads.execute(() -> serve(socket, connection, answers.applyAsInt(connection)));
                } catch (IOException e) {
                    return; // the test has ended
                }
            }
        });
    }

    private void serve(Socket socket, int connection, int answers) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (int request = 0; readRequest(in); request++) {
                requests.incrementAndGet();
                if (request == answers) {
                    return;
                }
                if (connection <= ENDING) {
                    allAtOnce.await(20, TimeUnit.SECONDS); // so that each is on a connection of its own
                }
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nWorld".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (Exception e) {
            // the caller sees it
        }
    }

    private static boolean readRequest(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        return line != null;
    }
}
