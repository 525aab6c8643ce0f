package io.middleware.gateway.dashboard.faults;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.transport.EventLoops;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Passes the order to fail on to a server that takes it: one that registered with {@code middleware.faults.enabled}. An
 * order reaches no other address than those that servers registered for this.
 */
public final class FaultOrders {
    public static final String PATH = "/dashboard/faults";

    private static final List<String> VERBS = List.of("POST");
    private static final int LARGEST = 4 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final RegistryLookup registry;
    private final Predicate<String> known;
    private final EventLoops loops;
    private final Gson gson = new Gson();

    private static final class Http {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build();
    }

    private record Order(
            @Nullable String service,
            @Nullable String host,
            int port,
            @Nullable String mode) {}

    private record Reply(@Nullable String mode, @Nullable String message) {}

    /** {@code known}: whether there is a service of this name. */
    public FaultOrders(RegistryLookup registry, Predicate<String> known, EventLoops loops) {
        this.registry = registry;
        this.known = known;
        this.loops = loops;
    }

    /** Returns the response to an order. */
    public Mono<HttpResult> take(ParsedRequest parsed, HttpServerRequest request) {
        if (!parsed.verb().equals("POST")) {
            return Mono.just(Problem.wrongVerb(PATH, parsed.verb(), VERBS));
        }
        String contentType = parsed.headers().get(HttpHeaderNames.CONTENT_TYPE);
        if (!SameOrigin.isJson(contentType)) {
            return Mono.just(Problem.wrongContentType(PATH, contentType, List.of("application/json")));
        }
        if (!SameOrigin.allows(parsed.headers()::get)) {
            return Mono.just(refused(403, "Forbidden", "only the page of this gateway may ask for that"));
        }
        return body(request)
                .flatMap(body -> Mono.fromCallable(() -> carryOut(body))
                        .subscribeOn(Schedulers.boundedElastic())
                        .publishOn(Schedulers.fromExecutor(loops.current())));
    }

    private static Mono<String> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, (all, piece) -> {
                    if (all.size() + piece.length > LARGEST) {
                        throw new Refusal(refused(413, "Content Too Large", "expected: at most " + LARGEST + " bytes"));
                    }
                    all.writeBytes(piece);
                    return all;
                })
                .map(all -> all.toString(StandardCharsets.UTF_8));
    }

    private HttpResult carryOut(String body) throws InterruptedException {
        Order order = read(body);
        if (order == null || order.service == null || order.host == null || order.mode == null) {
            return refused(400, "Bad Request", "expected: {\"service\":..., \"host\":..., \"port\":..., \"mode\":...}");
        }
        try {
            Optional<RegistryLookup.FaultPort> port = known.test(order.service)
                    ? registry.faultPorts(order.service).stream()
                            .filter(each -> each.servicePort() == order.port
                                    && each.host().equals(order.host))
                            .findFirst()
                    : Optional.empty();
            return port.isPresent()
                    ? pass(port.get(), order.mode)
                    : refused(
                            404,
                            "Not Found",
                            "no such server takes orders to fail (expected: one with middleware.faults.enabled)");
        } catch (IOException away) {
            return refused(502, "Bad Gateway", String.valueOf(away.getMessage()));
        }
    }

    private @Nullable Order read(String body) {
        try {
            return gson.fromJson(body, Order.class);
        } catch (JsonParseException malformed) {
            return null;
        }
    }

    private HttpResult pass(RegistryLookup.FaultPort to, String mode) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + GrpcHeaders.authority(to.host(), to.port()) + "/actuator/fault"))
                .header("Content-Type", "application/json")
                .timeout(LIMIT)
                .POST(BodyPublishers.ofString(gson.toJson(Map.of("mode", mode))))
                .build();
        HttpResponse<String> response = Http.CLIENT.send(request, BodyHandlers.ofString());
        Reply reply = reply(response.body());
        return switch (response.statusCode()) {
            case 200 ->
                new HttpResult(200, "application/json", gson.toJson(reply).getBytes(StandardCharsets.UTF_8));
            case 400 -> refused(400, "Bad Request", String.valueOf(reply.message()));
            default -> refused(502, "Bad Gateway", "the server responded " + response.statusCode());
        };
    }

    private Reply reply(String body) {
        try {
            Reply reply = gson.fromJson(body, Reply.class);
            return reply == null ? new Reply(null, null) : reply;
        } catch (JsonParseException malformed) {
            return new Reply(null, null);
        }
    }

    private static HttpResult refused(int status, String title, String detail) {
        return Problem.unreadable(status, title, detail, PATH);
    }
}
