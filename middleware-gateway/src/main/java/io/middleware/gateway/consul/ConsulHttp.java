package io.middleware.gateway.consul;

import io.middleware.starter.ConsulToken;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends blocking queries to Consul's HTTP API. Spring Cloud's own client lacks {@code Weights}, swallows errors and
 * waits without limit.
 */
final class ConsulHttp implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RESPONSE_GRACE = Duration.ofSeconds(5);
    private static final int MAX_ERROR_LENGTH = 200;
    private static final int FORBIDDEN = 403;
    static final String TOKEN_HINT =
            "(expected: a token in " + ConsulToken.SETTINGS + " that may read all services and nodes)";

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
    private final ConsulToken token;
    private final Duration wait;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

    /**
     * A response from Consul.
     *
     * @param index    of this response, to request the next newer one; 0 when Consul gave none
     * @param filtered Consul (1.11 or newer) reports that it left out what the token may not read
     */
    record Response(JsonNode body, long index, boolean filtered) {}

    /** Thrown for a request that was cancelled to be sent again; not a failure of Consul. */
    static final class CancelledException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param base  scheme, host and port, and a path when Consul is behind a proxy
     * @param tls   null for the JDK's own trust
     * @param token sent with each request; asked again when Consul refuses one
     * @param wait  how long Consul may hold a response back until there is a change
     */
    ConsulHttp(URI base, @Nullable SSLContext tls, ConsulToken token, Duration wait) {
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
     * Sends a query and, when {@code index} is not 0, waits for a change. When it is 0, the query is consistent: a
     * leader that has just started would otherwise respond with what it has loaded so far, which may be nothing.
     *
     * @throws IOException if no usable response comes in time; the message is for a person
     */
    Response get(String path, long index) throws IOException, InterruptedException {
        // Consul adds up to a sixteenth to the wait, so that not all clients come back at once
        Duration limit = RESPONSE_GRACE.plus(index == 0 ? Duration.ZERO : wait.plus(wait.dividedBy(16)));
        String query = index == 0 ? "consistent" : "index=" + index + "&wait=" + wait.toMillis() + "ms";
        URI uri = URI.create(base + path + (path.contains("?") ? "&" : "?") + query);
        String sent = token.current();
        HttpResponse<String> response = send(request(uri, sent), limit);
        if (response.statusCode() == FORBIDDEN && !token.current().equals(sent)) {
            // replaced while this waited for a change
            response = send(request(uri, token.current()), limit);
        }
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + ": " + start(response.body())
                    + (response.statusCode() == FORBIDDEN ? " " + TOKEN_HINT : ""));
        }
        return new Response(
                parse(response.body()),
                index(response),
                response.headers()
                        .firstValue("X-Consul-Results-Filtered-By-ACLs")
                        .filter("true"::equalsIgnoreCase)
                        .isPresent());
    }

    private static HttpRequest request(URI uri, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!token.isEmpty()) {
            request.header("X-Consul-Token", token);
        }
        return request.build();
    }

    private HttpResponse<String> send(HttpRequest request, Duration limit) throws IOException, InterruptedException {
        // the HTTP client's own timeout does not cover the body
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
        open.add(response);
        try {
            return response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new IOException("no response within " + limit.toSeconds() + " s", silent);
        } catch (CancellationException | ExecutionException failed) {
            // a cancelled request fails with either exception
            if (!open.contains(response)) {
                throw new CancelledException();
            }
            throw new IOException(describe(failed.getCause() == null ? failed : failed.getCause()), failed);
        } finally {
            open.remove(response);
            response.cancel(true);
        }
    }

    /** Cancels all open requests and their connections, on which a response might never come. */
    void cancelAll() {
        open.forEach(response -> {
            open.remove(response);
            response.cancel(true);
        });
    }

    private static String describe(Throwable failure) {
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
            throw new IOException("the response is not JSON: " + start(body), malformed);
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
        return line.substring(0, Math.min(MAX_ERROR_LENGTH, line.length()));
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdown();
    }
}
