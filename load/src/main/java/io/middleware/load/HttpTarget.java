package io.middleware.load;

import io.middleware.client.CallerCredential;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Sends {@code GET}s to one address over HTTP/1.1 on persistent connections: as many as it takes, with TLS no more than
 * {@value #MOST_SECURE_CONNECTIONS}, on which calls wait for each other. A handshake for each call in flight would take
 * all of the processors from a JVM that has just started, and it would measure only itself. A request that meets a
 * connection just as the server closes it is sent again on another (RFC 9110, 9.2.2), as curl, Go's client and browsers
 * do.
 */
final class HttpTarget implements Target {

    private static final int CONNECTIONS_TRIED = 5;
    private static final int MOST_SECURE_CONNECTIONS = 100;

    private final HttpClient client;
    private final URI uri;
    private final String expected;
    private final Duration deadline;
    private final PriorityShare share;
    private final CallerCredential credential;
    private final Executor executor;
    private final Places places;

    /**
     * @param access   how its port is reached
     * @param expected text that a right response contains
     * @param share    which calls ask for a lower priority
     */
    HttpTarget(URI uri, HttpAccess access, String expected, Duration deadline, PriorityShare share, Executor executor) {
        this.uri = uri;
        this.expected = expected;
        this.deadline = deadline;
        this.share = share;
        this.credential = access.credential();
        this.executor = executor;
        this.places = new Places(access.tls() == null ? Integer.MAX_VALUE : MOST_SECURE_CONNECTIONS);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(executor)
                .connectTimeout(deadline);
        this.client = (access.tls() == null ? builder : builder.sslContext(access.tls())).build();
    }

    @Override
    public void call(String callId, Consumer<Reply> end) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(deadline).header("x-call-id", callId);
        String wish = share.wish(callId);
        if (wish != null) {
            request.header(PriorityShare.HEADER, wish);
        }
        credential.addTo(request::header);
        places.take(() ->
                executor.execute(() -> send(request.build(), CONNECTIONS_TRIED).whenComplete((response, failure) -> {
                    end.accept(failure == null ? reply(response) : Reply.failed(reason(failure)));
                    places.giveBack();
                })));
    }

    /**
     * Sends with retries. The JDK's client itself tries two connections, but both may be idle ones that were just
     * closed.
     */
    private CompletableFuture<HttpResponse<String>> send(HttpRequest request, int tries) {
        return client.sendAsync(request, BodyHandlers.ofString())
                .exceptionallyCompose(failure -> tries > 1 && nothingCame(failure)
                        ? send(request, tries - 1)
                        : CompletableFuture.failedFuture(failure));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Reply reply(HttpResponse<String> response) {
        HttpHeaders headers = response.headers();
        boolean right = response.statusCode() == 200 && response.body().contains(expected);
        return new Reply(
                right ? "" : response.statusCode() + ": " + response.body().strip(),
                text(headers, "middleware-instance"),
                text(headers, "middleware-gateway"),
                Reply.attempts(text(headers, "middleware-attempts")),
                text(headers, "middleware-fallback"));
    }

    private static String text(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    /**
     * Returns whether the connection ended before the response began. The JDK's client tells this only in its message.
     */
    private static boolean nothingCame(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("received no bytes"));
    }

    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getClass().getSimpleName() + (last.getMessage() == null ? "" : ": " + last.getMessage());
    }
}
