package io.middleware.gateway.recorder;

import com.google.gson.Gson;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.transport.EventLoops;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Serves what gateways keep of calls. Any gateway answers for all: it asks the others, with the parameter {@code own}, for what they
 * keep themselves.
 *
 * <pre>
 * GET /dashboard/calls        the last unusual calls, and a sample of the others
 * GET /dashboard/calls/{id}   one call, step by step; ?what-if=calls.attempts=1 says what would have become of it
 * GET /dashboard/replay       plays all of them again
 * </pre>
 *
 * As JSON, or as text with {@code Accept: text/plain} or {@code ?format=text}; {@code lang} is {@code en} or {@code pt}.
 */
final class RecorderDocuments implements Documents {
    private static final String CALLS = "/dashboard/calls";
    private static final String REPLAY = "/dashboard/replay";
    private static final List<String> READ = List.of("GET", "HEAD", "OPTIONS");

    private final AllGateways gateways;
    private final Predicate<String> taken;
    private final EventLoops loops;
    private final Workers workers;
    private final Gson gson = new Gson();

    /**
     * Where requests are responded to, few at a time: anybody may send them.
     *
     * @param own    for what another gateway asks, which must not wait for one that waits for this one
     * @param others for what is to be asked of other gateways, too
     */
    record Workers(Scheduler own, Scheduler others) {}

    /** {@code taken}: whether a service takes a path. */
    RecorderDocuments(AllGateways gateways, Predicate<String> taken, EventLoops loops, Workers workers) {
        this.gateways = gateways;
        this.taken = taken;
        this.loops = loops;
        this.workers = workers;
    }

    @Override
    public @Nullable Mono<? extends HttpReply> find(ParsedRequest parsed, HttpServerRequest request) {
        String path = parsed.path();
        if (!path.startsWith(CALLS) && !path.equals(REPLAY)) {
            return null;
        }
        Asked asked = Asked.of(parsed);
        Callable<HttpResult> answer = answer(path, asked);
        if (answer == null || taken.test(path)) {
            return null;
        }
        return switch (parsed.verb()) {
            case "GET", "HEAD" ->
                Mono.fromCallable(answer)
                        .onErrorResume(
                                IllegalArgumentException.class,
                                wrong -> Mono.just(Problem.unreadable(
                                        400, "Bad Request", String.valueOf(wrong.getMessage()), path)))
                        .subscribeOn(asked.own() ? workers.own() : workers.others())
                        .onErrorResume(
                                RejectedExecutionException.class,
                                full -> Mono.just(Problem.unreadable(
                                        503,
                                        "Service Unavailable",
                                        "too many ask at once: try again in a moment",
                                        path)))
                        .publishOn(Schedulers.fromExecutor(loops.current()));
            case "OPTIONS" -> Mono.just(HttpResult.allowing(READ));
            default -> Mono.just(Problem.wrongVerb(path, parsed.verb(), READ));
        };
    }

    /** What a request asks for. */
    private record Asked(
            Map<String, List<String>> parameters, String accept, String languages, Credentials credentials) {
        static Asked of(ParsedRequest parsed) {
            String accept = parsed.headers().get(HttpHeaderNames.ACCEPT);
            String languages = parsed.headers().get(HttpHeaderNames.ACCEPT_LANGUAGE);
            return new Asked(
                    parsed.query() == null ? Map.of() : new QueryStringDecoder(parsed.query(), false).parameters(),
                    accept == null ? "" : accept,
                    languages == null ? "" : languages,
                    Credentials.of(parsed.headers()));
        }

        Asker asker() {
            return new Asker(own(), credentials);
        }

        boolean own() {
            return parameters.containsKey("own");
        }

        boolean text() {
            String format = parameter("format");
            return format == null ? accept.startsWith("text/plain") : format.equals("text");
        }

        boolean page() {
            return parameter("format") == null && accept.contains("text/html");
        }

        @Nullable
        String parameter(String name) {
            return parameters.containsKey(name) ? parameters.get(name).getFirst() : null;
        }

        String language() {
            String named = parameter("lang");
            String wanted = named == null ? languages : named;
            return wanted.startsWith("pt") ? "pt" : "en";
        }
    }

    private @Nullable Callable<HttpResult> answer(String path, Asked asked) {
        if (path.equals(CALLS)) {
            return () -> list(asked);
        }
        if (path.equals(REPLAY)) {
            return () -> replay(asked);
        }
        String id = path.startsWith(CALLS + "/") ? path.substring(CALLS.length() + 1) : "";
        return id.isEmpty() ? null : () -> asked.page() ? page(id) : call(path, id, asked);
    }

    private HttpResult list(Asked asked) throws InterruptedException {
        AllGateways.Calls found = gateways.list(asked.asker());
        return asked.text() ? text(CallText.list(found, asked.language())) : json(found);
    }

    private HttpResult call(String path, String id, Asked asked) throws InterruptedException {
        AllGateways.Calls found =
                gateways.tell(decoded(id), asked.language(), asked.parameter("what-if"), asked.asker());
        // another gateway is told that there is none here, so that it can tell that from silence
        if (found.calls().isEmpty() && !asked.own()) {
            return Problem.notFound(
                    path,
                    "no gateway keeps a call with this x-call-id (kept are the last calls that failed, were retried, hedged,"
                            + " moved, slow, refused, stale or by a secondary, and a sample of the others)"
                            + found.missing().asRemark());
        }
        return asked.text() ? text(CallText.of(found, asked.language())) : json(found);
    }

    /** A plus in a path is one. */
    private static String decoded(String id) {
        return QueryStringDecoder.decodeComponent(id.replace("+", "%2B"));
    }

    private HttpResult replay(Asked asked) throws InterruptedException {
        Rehearsal all = gateways.rehearse(asked.asker());
        return asked.text() ? text(all.inWords(asked.language())) : json(all);
    }

    /** Leads browsers to the page, which shows the call. */
    private static HttpResult page(String id) {
        return new HttpResult(
                302, "text/plain", new byte[0], Map.of("Location", "../#call=" + id, "Vary", "Accept"), null);
    }

    private static HttpResult text(String text) {
        return result("text/plain; charset=utf-8", text);
    }

    private HttpResult json(Object value) {
        return result("application/json", gson.toJson(value));
    }

    private static HttpResult result(String contentType, String body) {
        return new HttpResult(
                200,
                contentType,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of(
                        "Cache-Control",
                        "no-store",
                        "X-Content-Type-Options",
                        "nosniff",
                        "Vary",
                        "Accept, Accept-Language"),
                null);
    }
}
