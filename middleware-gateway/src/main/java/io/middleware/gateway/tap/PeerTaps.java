package io.middleware.gateway.tap;

import io.middleware.gateway.consul.RegistryLookup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the streams of all other gateways for one reader: each one on a thread of its own, and again after it has ended. */
final class PeerTaps implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PeerTaps.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    /** A gateway that lives sends an empty line more often. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final String own;
    private final RegistryLookup registry;
    private final HttpClient http;
    private final Request requests;
    private final Consumer<String> sink;
    private final UnaryOperator<String> refused;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();

    /** Makes the request of a gateway's stream. */
    @FunctionalInterface
    interface Request {
        /** @throws IllegalArgumentException if the gateway has no address */
        HttpRequest.Builder of(RegistryLookup.Gateway gateway);
    }

    /** One whose stream is read. */
    private static final class Peer {
        private volatile long heardAt = System.nanoTime();
        private volatile @Nullable Future<?> thread;
    }

    /**
     * Creates one that does nothing until {@link #start}.
     *
     * @param own      the id of this gateway
     * @param requests makes the request of a stream
     * @param sink     gets the lines, on any thread
     * @param refused  makes the line that says that a gateway shows none
     */
    PeerTaps(
            String own,
            RegistryLookup registry,
            HttpClient http,
            Request requests,
            Consumer<String> sink,
            UnaryOperator<String> refused) {
        this.own = own;
        this.registry = registry;
        this.http = http;
        this.requests = requests;
        this.sink = sink;
        this.refused = refused;
    }

    /** Begins to read. Nothing happens if it was closed meanwhile. */
    void start() {
        try {
            threads.execute(this::lookAround);
        } catch (RejectedExecutionException closed) {
            log.debug("the reader has gone already");
        }
    }

    private void lookAround() {
        try {
            while (true) {
                try {
                    registry.gateways().stream()
                            .filter(gateway -> !gateway.id().equals(own) && gateway.port() > 0)
                            .forEach(this::follow);
                } catch (IOException away) {
                    // those that are read already go on
                    log.debug("Consul does not say which gateways there are: {}", away.toString());
                }
                peers.values().forEach(PeerTaps::giveUpIfSilent);
                Thread.sleep(PAUSE);
            }
        } catch (RejectedExecutionException closed) {
            log.debug("the reader has gone");
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(RegistryLookup.Gateway gateway) {
        Peer peer = new Peer();
        if (peers.putIfAbsent(gateway.id(), peer) == null) {
            peer.thread = threads.submit(() -> read(gateway, peer));
        }
    }

    private static void giveUpIfSilent(Peer peer) {
        Future<?> thread = peer.thread;
        if (thread != null && System.nanoTime() - peer.heardAt > SILENCE.toNanos()) {
            thread.cancel(true);
        }
    }

    private void read(RegistryLookup.Gateway gateway, Peer peer) {
        try {
            HttpRequest request = requests.of(gateway).timeout(LIMIT).build();
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            if ((response.statusCode() == 401 || response.statusCode() == 403) && told.add(gateway.id())) {
                sink.accept(refused.apply(gateway.id()));
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String line = response.statusCode() == 200 ? lines.readLine() : null;
                for (; line != null; line = lines.readLine()) {
                    peer.heardAt = System.nanoTime();
                    if (!line.isEmpty()) {
                        sink.accept(line);
                    }
                }
            }
        } catch (IOException | IllegalArgumentException away) {
            log.debug("{} has no stream of calls: {}", gateway.id(), away.toString());
        } catch (InterruptedException given) {
            Thread.currentThread().interrupt();
        } finally {
            peers.remove(gateway.id(), peer);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
