package io.middleware.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** {@code GET}s of one address over HTTP/1.1, on connections that are kept. */
final class HttpTarget implements Target {

    private final HttpClient client;
    private final URI uri;
    private final String expected;
    private final Duration deadline;

    /** @param expected what a right answer contains */
    HttpTarget(URI uri, String expected, Duration deadline, Executor executor) {
        this.uri = uri;
        this.expected = expected;
        this.deadline = deadline;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(executor)
                .connectTimeout(deadline).build();
    }

    @Override
    public void call(String callId, Consumer<Reply> end) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(deadline).header("x-call-id", callId).build();
        client.sendAsync(request, BodyHandlers.ofString())
                .whenComplete((answer, failure) -> end.accept(failure == null ? reply(answer) : Reply.failed(reason(failure))));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Reply reply(HttpResponse<String> answer) {
        HttpHeaders headers = answer.headers();
        boolean right = answer.statusCode() == 200 && answer.body().contains(expected);
        return new Reply(right ? "" : answer.statusCode() + ": " + answer.body().strip(), text(headers, "middleware-instance"),
                text(headers, "middleware-gateway"), Reply.attempts(text(headers, "middleware-attempts")),
                text(headers, "middleware-fallback"));
    }

    private static String text(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getClass().getSimpleName() + (last.getMessage() == null ? "" : ": " + last.getMessage());
    }
}
