package io.middleware.gateway.consul;

import io.middleware.starter.ConsulToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
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
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
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
    private final boolean cached;
    private final Worker worker = new Worker("consul-watch");
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

    /**
     * A response from Consul.
     *
     * @param index    of this response, to request the next newer one; 0 when Consul gave none
     * @param filtered Consul (1.11 or newer) reports that it left out what the token may not read
     */
    record Response<B>(B body, long index, boolean filtered) {}

    /** Starts to read the body of a response, which may be large. */
    @FunctionalInterface
    interface BodyReader<B> {
        BodySubscriber<B> start();
    }

    /** What was read of a response: its body, or the text of an error. */
    private record Content<B>(@Nullable B body, String error) {}

    /**
     * @param base  scheme, host and port, and a path when Consul is behind a proxy
     * @param tls   null for the JDK's own trust
     * @param token sent with each request; asked again when Consul refuses one
     * @param wait  how long Consul may hold a response back until there is a change
     */
    ConsulHttp(URI base, @Nullable SSLContext tls, ConsulToken token, Duration wait) {
        this(base, tls, token, wait, false);
    }

    /** {@code cached}: queries that wait for a change are answered by the agent, which keeps a copy of what Consul's servers know. */
    ConsulHttp(URI base, @Nullable SSLContext tls, ConsulToken token, Duration wait, boolean cached) {
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
        this.cached = cached;
    }

    /**
     * Sends a query and, when {@code index} is not 0, waits for a change. When it is 0, the query is consistent: a
     * leader that has just started would otherwise respond with what it has loaded so far, which may be nothing.
     *
     * @throws IOException if no usable response comes in time; the message is for a person
     */
    Response<JsonNode> get(String path, long index) throws IOException, InterruptedException {
        CompletableFuture<Response<JsonNode>> response = ask(path, index, this::json);
        try {
            return response.get();
        } catch (ExecutionException failed) {
            throw QueryFailure.of(failed);
        } catch (InterruptedException stopped) {
            response.cancel(true);
            throw stopped;
        }
    }

    /** Does the same without waiting. To cancel the result cancels the query. It fails with what {@link QueryFailure} explains. */
    <B> CompletableFuture<Response<B>> ask(String path, long index, BodyReader<B> reader) {
        // Consul adds up to a sixteenth to the wait, so that not all clients come back at once
        Duration limit = RESPONSE_GRACE.plus(index == 0 ? Duration.ZERO : wait.plus(wait.dividedBy(16)));
        String query = index == 0
                ? "consistent"
                : "index=" + index + "&wait=" + wait.toMillis() + "ms" + (cached ? "&cached" : "");
        URI uri = URI.create(base + path + (path.contains("?") ? "&" : "?") + query);
        String sent = token.current();
        CompletableFuture<HttpResponse<Content<B>>> first = send(request(uri, sent), reader, limit);
        CompletableFuture<Response<B>> result = first.thenCompose(
                        // replaced while this waited for a change
                        response -> response.statusCode() == FORBIDDEN
                                        && !token.current().equals(sent)
                                ? send(request(uri, token.current()), reader, limit)
                                : CompletableFuture.completedFuture(response))
                .thenApply(this::response);
        result.whenComplete((done, failed) -> first.cancel(true));
        return result;
    }

    /** Returns a reader of JSON as a tree. */
    BodySubscriber<JsonNode> json() {
        return BodySubscribers.mapping(BodySubscribers.ofString(StandardCharsets.UTF_8), this::parse);
    }

    private <B> Response<B> response(HttpResponse<Content<B>> response) {
        B body = response.body().body;
        if (body == null) {
            throw new UncheckedIOException(new IOException("status " + response.statusCode() + ": "
                    + start(response.body().error) + (response.statusCode() == FORBIDDEN ? " " + TOKEN_HINT : "")));
        }
        long age = number(response, "Age");
        if (age > wait.toSeconds()) {
            throw new UncheckedIOException(
                    new IOException("the agent's copy is " + age + " s old: it does not reach Consul's servers"));
        }
        return new Response<>(
                body,
                number(response, "X-Consul-Index"),
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

    private <B> CompletableFuture<HttpResponse<Content<B>>> send(
            HttpRequest request, BodyReader<B> reader, Duration limit) {
        CompletableFuture<HttpResponse<Content<B>>> sent = http.sendAsync(
                request,
                head -> head.statusCode() == 200
                        ? BodySubscribers.mapping(reader.start(), body -> new Content<>(body, ""))
                        : BodySubscribers.mapping(
                                BodySubscribers.ofString(StandardCharsets.UTF_8),
                                error -> new Content<B>(null, error)));
        open.add(sent);
        // the HTTP client's own timeout does not cover the body
        CompletableFuture<HttpResponse<Content<B>>> ended = sent.copy()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failed -> {
                    // a cancelled request fails with either exception
                    IOException why = !open.contains(sent)
                            ? new QueryFailure.Cancelled()
                            : failed instanceof TimeoutException
                                    ? new IOException("no response within " + limit.toSeconds() + " s", failed)
                                    : QueryFailure.of(failed);
                    return CompletableFuture.failedFuture(why);
                });
        ended.whenComplete((done, failed) -> {
            open.remove(sent);
            sent.cancel(true);
        });
        return ended;
    }

    /** Returns the thread for what is done with responses. */
    Worker worker() {
        return worker;
    }

    /** Cancels all open requests and their connections, on which a response might never come. */
    void cancelAll() {
        open.forEach(response -> {
            open.remove(response);
            response.cancel(true);
        });
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (JacksonException malformed) {
            throw new UncheckedIOException(new IOException("the response is not JSON: " + start(body), malformed));
        }
    }

    private static long number(HttpResponse<?> response, String header) {
        try {
            return Math.max(
                    0, Long.parseLong(response.headers().firstValue(header).orElse("0")));
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
        worker.close();
        http.shutdownNow();
        executor.shutdown();
    }
}
