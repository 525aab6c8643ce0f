package io.middleware.testsupport;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Answers {@code late}, but not before it is told to. */
final class SilentGateway implements AutoCloseable {

    private final HttpServer server;
    private final Semaphore requests = new Semaphore(0);
    private final CountDownLatch told = new CountDownLatch(1);

    SilentGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            requests.release();
            try {
                told.await();
                exchange.sendResponseHeaders(200, 4);
                exchange.getResponseBody().write("late".getBytes(StandardCharsets.US_ASCII));
            } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Whether one more request comes within some seconds. */
    boolean awaitRequest() throws InterruptedException {
        return requests.tryAcquire(5, TimeUnit.SECONDS);
    }

    void answer() {
        told.countDown();
    }

    @Override
    public void close() {
        told.countDown();
        server.stop(0);
    }
}
