package io.middleware.gateway.dashboard;

import io.middleware.gateway.dashboard.faults.FaultOrders;
import io.middleware.gateway.dashboard.live.EventStream;
import io.middleware.gateway.dashboard.peers.Peers;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.document.StaticFiles;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.transport.EventLoops;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/** What is served below {@value #ROOT}, and the way there from {@code /}. A path that a service maps stays its own. */
final class DashboardDocuments implements Documents {
    static final String ROOT = "/dashboard/";
    static final String PICTURE = ROOT + "picture";
    static final String EVENTS = ROOT + "events";

    static final List<String> PAGE = List.of(
            "style.css",
            "icon.svg",
            "main.js",
            "announce.js",
            "cards.js",
            "chain.js",
            "dom.js",
            "dots.js",
            "faults.js",
            "feed.js",
            "format.js",
            "hello.js",
            "icons.js",
            "key.js",
            "key-form.js",
            "layout.js",
            "stream.js",
            "stream-worker.js",
            "tables.js",
            "texts.js",
            "texts-en.js",
            "texts-pt.js",
            "theme.js");
    private static final String HOME = "/";
    private static final List<String> READ = List.of("GET", "HEAD", "OPTIONS");

    /** Nothing from elsewhere, and no script or style in the page. */
    private static final String SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String FILES = "/dashboard-page/";

    private final Dashboard dashboard;
    private final Predicate<String> taken;
    private final StaticFiles files;
    private final FaultOrders faults;
    private final boolean describesMethods;
    private final EventLoops loops;

    private DashboardDocuments(
            Dashboard dashboard,
            Predicate<String> taken,
            StaticFiles files,
            FaultOrders faults,
            EventLoops loops,
            boolean describesMethods) {
        this.loops = loops;
        this.dashboard = dashboard;
        this.taken = taken;
        this.files = files;
        this.faults = faults;
        this.describesMethods = describesMethods;
    }

    /**
     * Creates the documents.
     *
     * @param taken            whether a service takes a path
     * @param describesMethods whether there is the page {@code /api/}
     */
    static DashboardDocuments of(
            Dashboard dashboard, Predicate<String> taken, EventLoops loops, boolean describesMethods) {
        Map<String, String> resources = new HashMap<>();
        PAGE.forEach(name -> resources.put(ROOT + name, FILES + name));
        resources.put(ROOT, FILES + "index.html");
        return new DashboardDocuments(
                dashboard,
                taken,
                new StaticFiles(resources, SECURITY_POLICY, dashboard.executor(), loops),
                dashboard.faults(loops),
                loops,
                describesMethods);
    }

    @Override
    public @Nullable Mono<? extends HttpReply> find(ParsedRequest parsed, HttpServerRequest request) {
        String path = parsed.path();
        if (!path.startsWith("/dashboard") && !path.equals(HOME)) {
            return null;
        }
        if (path.equals(FaultOrders.PATH)) {
            return taken.test(path) ? null : faults.take(parsed, request);
        }
        Mono<? extends HttpReply> found = found(parsed, path);
        if (found == null || taken.test(path)) {
            return null;
        }
        return switch (parsed.verb()) {
            case "GET", "HEAD" -> found;
            case "OPTIONS" -> Mono.just(HttpResult.allowing(READ));
            default -> Mono.just(Problem.wrongVerb(path, parsed.verb(), READ));
        };
    }

    /** The page says nothing of the chain, and asks for a key, which a browser sends with no file. */
    @Override
    public Access access(ParsedRequest request) {
        String path = request.path();
        if (path.equals(ROOT)) {
            return Access.PAGE;
        }
        return files.has(path) || path.equals("/dashboard") || path.equals(HOME) ? Access.ALL : Access.RULES;
    }

    private @Nullable Mono<? extends HttpReply> found(ParsedRequest parsed, String path) {
        if (files.has(path)) {
            return files.send(parsed, path);
        }
        return switch (path) {
            case HOME -> Mono.fromSupplier(() -> home(parsed));
            case "/dashboard" -> Mono.just(movedTo("dashboard/"));
            case Peers.PATH -> json(dashboard.ownAsJson());
            case PICTURE -> json(dashboard.pictureAsJson());
            case EVENTS -> Mono.fromSupplier(() -> events(parsed));
            default -> null;
        };
    }

    /** Leads people to the page. Programs learn that there is nothing here, and where there is. */
    private HttpResult home(ParsedRequest parsed) {
        String accept = parsed.headers().get(HttpHeaderNames.ACCEPT);
        return accept != null && accept.contains("text/html")
                ? movedTo("dashboard/")
                : Problem.notFound(
                        HOME,
                        "no method and no HTTP mapping matches. In a browser: " + ROOT + " shows the middleware at work"
                                + (describesMethods ? ", /api/ the methods to try" : ""));
    }

    /** Relative, as a proxy may have put something before the path. Not for good, as the setting may change. */
    private static HttpResult movedTo(String where) {
        return new HttpResult(302, "text/plain", new byte[0], Map.of("Location", where, "Vary", "Accept"), null);
    }

    private HttpReply events(ParsedRequest parsed) {
        if (dashboard.live().takesMore()) {
            dashboard.watchedBy(Credentials.of(parsed.headers()));
            return new EventStream(dashboard.live().watch());
        }
        return Problem.unreadable(
                503,
                "Service Unavailable",
                "this gateway is about to end, or has as many watchers as it takes",
                EVENTS);
    }

    private Mono<HttpResult> json(RecentJson recent) {
        return Mono.defer(() -> Mono.fromFuture(recent.get(), true))
                .publishOn(Schedulers.fromExecutor(loops.current()))
                .map(json -> new HttpResult(
                        200,
                        "application/json",
                        json,
                        Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff"),
                        null));
    }
}
