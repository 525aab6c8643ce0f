package io.middleware.gateway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.tls.GatewayLinks;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTapsTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final List<RegistryLookup.Gateway> gateways = new CopyOnWriteArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private final PeerTaps taps =
            new PeerTaps("gateway-1", new Registry(), http, PeerTapsTest::request, lines::add, id -> "refused " + id);

    @AfterEach
    void stop() {
        end.countDown();
        taps.close();
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void linesOfAllOthers_come_alsoOfOneThatJoinsLater() throws IOException {
        gateways.add(new RegistryLookup.Gateway("gateway-1", "127.0.0.1", 1, true));
        gateways.add(gateway("gateway-2"));
        taps.start();
        await().until(() -> lines.size() == 1);
        gateways.add(gateway("gateway-3"));

        await().until(() -> lines.size() == 2);
        assertThat(lines)
                .containsExactly("gateway-2 /dashboard/tap?code=OK&own", "gateway-3 /dashboard/tap?code=OK&own");
    }

    @Test
    void gatewayThatEndsItsStream_isAskedAgain() throws IOException {
        gateways.add(gateway("gateway-2"));
        end.countDown();
        taps.start();

        await().until(() -> lines.size() >= 2);
    }

    @Test
    void gatewayThatIsNotThere_hindersNoOther() throws IOException {
        gateways.add(new RegistryLookup.Gateway("gateway-2", "127.0.0.1", 1, true));
        gateways.add(gateway("gateway-3"));
        taps.start();

        await().until(() -> lines.size() == 1);
    }

    @Test
    void gatewayThatRefuses_isNamedOnce() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        servers.add(server);
        gateways.add(new RegistryLookup.Gateway(
                "gateway-2", "127.0.0.1", server.getAddress().getPort(), true));
        taps.start();

        await().until(() -> asked.get() >= 2);
        assertThat(lines).containsExactly("refused gateway-2");
    }

    private static HttpRequest.Builder request(RegistryLookup.Gateway gateway) {
        return GatewayLinks.PLAIN.request(
                gateway.host(), gateway.port(), "/dashboard/tap?code=OK&own", Credentials.NONE);
    }

    /** One that sends an empty line and one that says what it was asked, and nothing more until the end. */
    private RegistryLookup.Gateway gateway(String id) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(("\n" + id + " " + exchange.getRequestURI() + "\n").getBytes(StandardCharsets.UTF_8));
                body.flush();
                end.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        servers.add(server);
        return new RegistryLookup.Gateway(id, "127.0.0.1", server.getAddress().getPort(), true);
    }

    private final class Registry implements RegistryLookup {
        @Override
        public void listen(Listener listener) {}

        @Override
        public Duration age() {
            return Duration.ZERO;
        }

        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public List<Gateway> gateways() {
            return gateways;
        }

        @Override
        public Map<String, Instant> heartbeats() {
            return Map.of();
        }

        @Override
        public List<FaultPort> faultPorts(String service) {
            return List.of();
        }
    }
}
