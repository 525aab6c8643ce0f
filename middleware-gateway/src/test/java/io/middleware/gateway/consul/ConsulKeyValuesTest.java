package io.middleware.gateway.consul;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.middleware.starter.ConsulToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that a real Consul gives rarely, or of another version. */
class ConsulKeyValuesTest {
    private static final String MARKER = "{\"Key\":\"keys/\",\"Value\":null}";

    private final List<Map<String, String>> read = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile byte[] body = {};
    private volatile boolean filtered;
    private volatile int status = 200;
    private HttpServer consul;
    private ConsulHttp http;
    private KeyValues.Following following;

    @BeforeEach
    void start() throws IOException {
        consul = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        consul.createContext("/v1/kv/keys/", exchange -> {
            exchange.getResponseHeaders().add("X-Consul-Index", "7");
            if (filtered) {
                exchange.getResponseHeaders().add("X-Consul-Results-Filtered-By-ACLs", "true");
            }
            byte[] now = body;
            exchange.sendResponseHeaders(status, now.length == 0 ? -1 : now.length);
            exchange.getResponseBody().write(now);
            exchange.close();
        });
        consul.start();
        http = new ConsulHttp(
                URI.create("http://127.0.0.1:" + consul.getAddress().getPort()),
                null,
                ConsulToken.fixed(""),
                Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        following.close();
        http.close();
        consul.stop(0);
    }

    @Test
    void entriesAreRead_belowThePrefixAlone() {
        respond("[" + MARKER + "," + entry("keys/a", "1") + "," + entry("keys/b/c", "\u00fc") + ","
                + entry("other", "x") + "]");

        await().until(() -> !read.isEmpty());
        assertThat(read.getFirst()).isEqualTo(Map.of("a", "1", "b/c", "\u00fc"));
    }

    @Test
    void responseThatIsFiltered_isNotBelieved() {
        filtered = true;
        respond("[" + MARKER + "]");

        await().until(() -> !problems.isEmpty());
        assertThat(problems.getFirst()).contains("leaves out what the token may not read");
        assertThat(read).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "[null]",
                "[1,\"keys/\"]",
                "[{\"Key\":\"keys/a\",\"Value\":\"MQ==\"}]",
                "[{\"Key\":\"keys\",\"Value\":null}]",
                "[{\"Key\":\"keys/\",\"Value\":\"not base64!\"}]",
                "not JSON",
            })
    void whatIsNoSetOfEntries_isAProblem(String response) {
        respond(response);

        await().until(() -> !problems.isEmpty());
        assertThat(read).isEmpty();
    }

    @Test
    void errors_areProblems() {
        status = 404;
        respond("");
        await().until(() -> !problems.isEmpty());
        assertThat(problems.getFirst()).startsWith("there is no entry keys/");
        status = 500;
        await().until(() -> problems.getLast().startsWith("status 500"));
        assertThat(read).isEmpty();
    }

    @Test
    void damagedResponses_neverEndIt() {
        String good = "[" + MARKER + "," + entry("keys/a", "1") + "]";
        Random random = new Random(18);
        respond(good);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            byte[] damaged = good.getBytes(UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            body = damaged;
            Thread.onSpinWait();
        }
        read.clear();
        body = good.getBytes(UTF_8);
        await().until(() -> !read.isEmpty());
        assertThat(read.getFirst()).isEqualTo(Map.of("a", "1"));
    }

    private void respond(String response) {
        body = response.getBytes(UTF_8);
        following = new ConsulKeyValues(http).follow("keys/", new KeyValues.Listener() {
            @Override
            public void onEntries(Map<String, String> entries) {
                read.add(entries);
            }

            @Override
            public void onRead() {}

            @Override
            public void onProblem(String why) {
                problems.add(why);
            }
        });
    }

    private static String entry(String key, String value) {
        return "{\"Key\":\"" + key + "\",\"Value\":\"" + Base64.getEncoder().encodeToString(value.getBytes(UTF_8))
                + "\"}";
    }
}
