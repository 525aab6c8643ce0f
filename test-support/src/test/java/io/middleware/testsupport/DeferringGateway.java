package io.middleware.testsupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Defers each response by a redirect to Nginx's place for these, and answers {@code late} where it is collected. */
final class DeferringGateway implements AutoCloseable {

    private final HttpServer server;
    private final Duration late;
    private final List<String> offered = new CopyOnWriteArrayList<>();
    private final List<String> collected = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** {@code late}: how long collecting takes; null: it ends instead. */
    DeferringGateway(Duration late) throws IOException {
        this.late = late;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String collects = exchange.getRequestHeaders().getFirst("Middleware-Deferred");
            String offer = exchange.getRequestHeaders().getFirst("Middleware-Defer");
            if (offer != null) {
                offered.add(offer);
            }
            if (collects == null) {
                exchange.getResponseHeaders().set("X-Accel-Redirect", "@deferred");
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            collected.add(collects);
            if (late == null) {
                server.stop(0);
            } else {
                closing.await(late.toMillis(), TimeUnit.MILLISECONDS);
                exchange.sendResponseHeaders(200, 4);
                exchange.getResponseBody().write("late".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The ids under which Nginx would collect a response. */
    List<String> offered() {
        return offered;
    }

    /** The ids of what it collected. */
    List<String> collected() {
        return collected;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
