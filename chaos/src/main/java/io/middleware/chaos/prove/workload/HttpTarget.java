package io.middleware.chaos.prove.workload;

import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes calls by HTTP/1.1, as JSON: {@code POST /SERVICE/METHOD}. */
final class HttpTarget implements Target {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client;
    private final URI base;
    private final Duration deadline;

    HttpTarget(URI base, Duration deadline) {
        this.base = base;
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(deadline)
                .build();
    }

    @Override
    public Reply call(Request call) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/" + call.method()))
                .timeout(deadline)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(call.json()));
        call.headers().forEach(request::header);
        try {
            return reply(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException broken) {
            return Reply.none(Code.UNAVAILABLE, "no response: " + broken);
        }
    }

    static Reply reply(HttpResponse<String> response) {
        HttpHeaders headers = response.headers();
        boolean ok = response.statusCode() == 200;
        JsonNode error = ok ? JSON.missingNode() : error(response.body());
        return new Reply(
                ok ? Code.OK : code(error.path("code"), response.statusCode()),
                ok ? "" : error.path("message").asString(response.statusCode() + " " + response.body()),
                Reply.attempts(text(headers, "middleware-attempts")),
                text(headers, "middleware-instance"),
                text(headers, "middleware-gateway"),
                text(headers, "idempotency-replayed").equals("true"),
                ok ? Reply.hash(response.body()) : "");
    }

    private static JsonNode error(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException none) {
            return JSON.missingNode();
        }
    }

    /** Reads a code as a number or a name. Without one, the HTTP status says whether a repeat is worth it. */
    private static Code code(JsonNode code, int httpStatus) {
        if (code.isNumber()) {
            return io.grpc.Status.fromCodeValue(code.asInt()).getCode();
        }
        for (Code each : Code.values()) {
            if (each.name().equalsIgnoreCase(code.asString(""))) {
                return each;
            }
        }
        return httpStatus >= 500 || httpStatus == 429 ? Code.UNAVAILABLE : Code.FAILED_PRECONDITION;
    }

    private static String text(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    @Override
    public String protocol() {
        return "HTTP";
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
