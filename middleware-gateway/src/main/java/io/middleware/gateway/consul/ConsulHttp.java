package io.middleware.gateway.consul;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Blocking queries of Consul's HTTP API. Spring Cloud's own client does not carry {@code Weights}, swallows errors and waits
 * without limit.
 */
final class ConsulHttp implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int MOST_OF_AN_ERROR = 200;
    private static final int FORBIDDEN = 403;
    static final String EXPECTED_TOKEN =
            "(expected: a token in spring.cloud.consul.discovery.acl-token that may read all services and nodes)";

    private final JsonMapper json = new JsonMapper();
    private final ExecutorService executor = Executors.newFixedThreadPool(
            2,
            Thread.ofPlatform()
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .name("consul-http-", 0)
                    .factory());
    private final HttpClient http;
    private final String base;
    private final String token;
    private final Duration wait;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

    /**
     * What Consul said.
     *
     * @param index    to ask for what comes after it; 0 when Consul gave none
     * @param filtered it left out what the token may not read, by its own account (1.11 or newer)
     */
    record Answer(JsonNode body, long index, boolean filtered) {}

    /** A question that was given up, to be asked anew; no failure of Consul. */
    static final class GivenUpException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param base  scheme, host and port, and a path where Consul is behind a proxy
     * @param tls   null for the JDK's own trust
     * @param token empty when Consul asks for none
     * @param wait  how long Consul may hold an answer back until there is news
     */
    ConsulHttp(URI base, SSLContext tls, String token, Duration wait) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor);
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
        this.base = base.toString();
        this.token = token;
        this.wait = wait;
    }

    /**
     * Asks, and waits for news when {@code index} is not 0. When it is 0, a Consul that has just started reads all that it had
     * written down before it answers: its leader would else answer from what it has read so far, which may be nothing.
     *
     * @throws IOException if there is no answer in time, or none that can be used; the message is for a person
     */
    Answer get(String path, long index) throws IOException, InterruptedException {
        // Consul adds up to a sixteenth to the wait, so that not all come back at once
        Duration limit = GRACE.plus(index == 0 ? Duration.ZERO : wait.plus(wait.dividedBy(16)));
        String query = index == 0 ? "?consistent" : "?index=" + index + "&wait=" + wait.toMillis() + "ms";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path + query));
        if (!token.isEmpty()) {
            request.header("X-Consul-Token", token);
        }
        HttpResponse<String> response = send(request.build(), limit);
        if (response.statusCode() != 200) {
            throw new IOException("it answered " + response.statusCode() + ": " + start(response.body())
                    + (response.statusCode() == FORBIDDEN ? " " + EXPECTED_TOKEN : ""));
        }
        return new Answer(
                parse(response.body()),
                index(response),
                response.headers()
                        .firstValue("X-Consul-Results-Filtered-By-ACLs")
                        .filter("true"::equalsIgnoreCase)
                        .isPresent());
    }

    private HttpResponse<String> send(HttpRequest request, Duration limit) throws IOException, InterruptedException {
        // the request's own timeout would end with the headers
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
        open.add(response);
        try {
            return response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new IOException("no answer within " + limit.toSeconds() + " s", silent);
        } catch (CancellationException | ExecutionException failed) {
            // a cancelled request fails in the one way or the other
            if (!open.contains(response)) {
                throw new GivenUpException();
            }
            throw new IOException(inWords(failed.getCause()), failed);
        } finally {
            open.remove(response);
            response.cancel(true);
        }
    }

    /** Ends all questions that are open, with their connections: an answer on these might never come. */
    void giveUp() {
        open.forEach(response -> {
            open.remove(response);
            response.cancel(true);
        });
    }

    private static String inWords(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException _ -> "no connection within " + CONNECT_TIMEOUT.toSeconds() + " s";
            case ConnectException _ -> "cannot connect";
            default -> failure.getMessage() != null ? failure.getMessage() : failure.toString();
        };
    }

    private JsonNode parse(String body) throws IOException {
        try {
            return json.readTree(body);
        } catch (JacksonException malformed) {
            throw new IOException("it answered what is no JSON: " + start(body), malformed);
        }
    }

    private static long index(HttpResponse<?> response) {
        String index = response.headers().firstValue("X-Consul-Index").orElse("0");
        try {
            return Math.max(0, Long.parseLong(index));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static String start(String body) {
        String line = body.lines().findFirst().orElse("").strip();
        return line.substring(0, Math.min(MOST_OF_AN_ERROR, line.length()));
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdown();
    }
}
