package io.middleware.chaos.prove.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.middleware.chaos.stack.FakeClock;
import io.middleware.chaos.stack.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutionBooksTest {

    private static final String END = "?after=" + Long.MAX_VALUE;

    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private HttpServer server;
    private ExecutionBooks books;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/actuator/executions", exchange -> {
            String page = pages.get("?" + exchange.getRequestURI().getQuery());
            byte[] body = (page == null ? "none" : page).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(page == null ? 404 : page.startsWith("{\"message\"") ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        // two servers with one database
        books = new ExecutionBooks(List.of(address, address), new FakeClock());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void allPagesAreRead_fromTheBeginningOfTheRun_andEachExecutionOnce() throws InterruptedException {
        pages.put(END, "{\"next\":5,\"executions\":[]}");
        books.begin();
        pages.put("?after=5", "{\"next\":7,\"executions\":[" + execution("a") + "," + execution("b") + "]}");
        pages.put("?after=7", "{\"next\":8,\"executions\":[" + execution("c") + "]}");
        pages.put("?after=8", "{\"next\":8,\"executions\":[]}");

        assertThat(books.settled())
                .containsExactly(
                        new Execution("a", "call", "key", "", "m", "server-1", 3),
                        new Execution("b", "call", "key", "", "m", "server-1", 3),
                        new Execution("c", "call", "key", "", "m", "server-1", 3));
    }

    @Test
    void serverThatDoesNotRecord_isRefused_withWhatIsMissing() {
        assertThatThrownBy(books::begin)
                .isInstanceOf(Stack.StackException.class)
                .hasMessageContaining("middleware.executions.record=true");
    }

    @Test
    void bookThatCannotBeRead_isAFailure() {
        pages.put(END, "{\"message\":\"the database could not be read\"}");

        assertThatThrownBy(books::begin)
                .isInstanceOf(Stack.StackException.class)
                .hasMessageContaining("the database could not be read");
    }

    private static String execution(String id) {
        return "{\"id\":\"" + id + "\",\"callId\":\"call\",\"key\":\"key\",\"caller\":\"\",\"method\":\"m\","
                + "\"instance\":\"server-1\",\"beganMicros\":3}";
    }
}
