package io.middleware.gateway.ingress.http.document;

import com.google.gson.JsonArray;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.transport.EventLoops;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Serves {@code /openapi.json}, {@code /openapi/{package.Service}.json} and the page at {@code /api/}. A path that a
 * service maps, or that is one of its methods, stays the service's.
 */
public final class SchemaDocuments implements Documents {
    private static final String ALL = "/openapi.json";
    private static final String ONE = "/openapi/";
    private static final String JSON = ".json";
    private static final List<String> VERBS = List.of("GET", "HEAD", "OPTIONS");

    private final Router router;
    private final EventLoops loops;
    private final Editions editions;
    private final ApiPage page;

    /** {@code details}: whether callers may know instances. */
    public SchemaDocuments(Router router, Directory directory, EventLoops loops, boolean details) {
        Executor worker = worker();
        this.router = router;
        this.loops = loops;
        this.editions = new Editions(router::api, directory, worker, details);
        this.page = new ApiPage(worker, loops);
    }

    /** Returns a thread that ends when it has nothing to do. What it works on is bounded by the services there are. */
    private static Executor worker() {
        ThreadPoolExecutor worker = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("documents", true, Thread.MIN_PRIORITY));
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }

    @Override
    public @Nullable Mono<HttpResult> find(ParsedRequest request, HttpServerRequest unread) {
        String path = request.path();
        if (!path.startsWith("/openapi") && !path.startsWith("/api")) {
            return null;
        }
        if (path.equals("/api")) {
            return isPageFree() && !router.serves(path) ? answer(request, Mono.just(movedToPage())) : null;
        }
        if (path.equals(ApiPage.SERVICES)) {
            return isPageFree()
                    ? answer(request, Mono.fromSupplier(() -> services().answer(null, null)))
                    : null;
        }
        if (page.files().has(path)) {
            return isPageFree() ? answer(request, page.files().send(request, path)) : null;
        }
        if (path.equals(ALL)) {
            return router.serves(path) ? null : answer(request, Mono.defer(() -> send(request, editions.all())));
        }
        String service = service(path);
        return service == null || !editions.has(service) || router.serves(path)
                ? null
                : answer(request, Mono.defer(() -> send(request, editions.of(service))));
    }

    /** Returns whether no service takes any path of the page, which would not work without it. */
    private boolean isPageFree() {
        return !router.serves(ApiPage.SERVICES) && page.files().paths().stream().noneMatch(router::serves);
    }

    private static @Nullable String service(String path) {
        return path.startsWith(ONE) && path.endsWith(JSON) && path.length() > ONE.length() + JSON.length()
                ? path.substring(ONE.length(), path.length() - JSON.length())
                : null;
    }

    private static Mono<HttpResult> answer(ParsedRequest request, Mono<HttpResult> document) {
        return switch (request.verb()) {
            case "GET", "HEAD" -> document;
            case "OPTIONS" -> Mono.just(HttpResult.allowing(VERBS));
            default -> Mono.just(Problem.wrongVerb(request.path(), request.verb(), VERBS));
        };
    }

    /** Relative, as a proxy may have put something before the path. */
    private static HttpResult movedToPage() {
        return new HttpResult(308, "text/plain", new byte[0], Map.of("Location", "api/"), null);
    }

    private StoredDocument services() {
        JsonArray names = new JsonArray();
        editions.services().forEach(names::add);
        return StoredDocument.of("application/json", names.toString().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private Mono<HttpResult> send(ParsedRequest request, CompletableFuture<StoredDocument> document) {
        return StoredDocument.send(request, document, loops)
                .onErrorResume(failure -> isTooLarge(failure) ? Mono.just(tooLarge(request)) : Mono.error(failure));
    }

    private static boolean isTooLarge(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return cause instanceof BoundedBytes.TooLargeException;
    }

    private static HttpResult tooLarge(ParsedRequest request) {
        return Problem.unreadable(
                503,
                "Service Unavailable",
                "the document would be too large (expected: " + ONE + "{package.Service}" + JSON
                        + ", which has a part of it)",
                request.path());
    }
}
