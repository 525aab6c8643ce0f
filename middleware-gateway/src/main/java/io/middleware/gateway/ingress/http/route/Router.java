package io.middleware.gateway.ingress.http.route;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.gateway.ingress.http.json.GzipTranslation;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.openapi.Api;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.SchemaWatch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the method that an HTTP request calls, or the reason why there is none. */
public final class Router {
    private static final Logger log = LoggerFactory.getLogger(Router.class);

    /** The target of an OPTIONS request for the whole server. */
    private static final String EVERYTHING = "*";

    private static final Schema.Absence NOT_HEARD_YET = new Schema.Absence(false, "no server has described it yet");

    private final Directory directory;
    private final ServiceRanks ranks;
    private final SchemaWatch schemas;
    private final boolean details;
    private volatile Known known = new Known(Schema.EMPTY, new Routes(Schema.EMPTY.methods()));

    /** The methods that are known, and the routes to them. */
    private record Known(Schema schema, Routes routes) {}

    /** {@code details}: whether errors may name instances and methods. */
    public Router(Directory directory, SchemaWatch schemas, boolean details) {
        this.directory = directory;
        this.ranks = new ServiceRanks(directory);
        this.schemas = schemas;
        this.details = details;
        schemas.listen(this::learn);
    }

    /** Builds the routes on the thread that brings the schema, so that no call waits for that. */
    private void learn(Schema schema) {
        Routes routes = known.routes();
        Routes newer = routes.areOf(schema.methods()) ? routes : new Routes(schema.methods());
        newer.unusable().stream()
                .filter(rule -> !routes.unusable().contains(rule))
                .forEach(rule -> log.warn("no HTTP mapping for {}", rule));
        known = new Known(schema, newer);
    }

    /** Returns whether the request asks which verbs its path takes. A preflight always does. */
    public boolean isOptions(ParsedRequest parsed) {
        return parsed.verb().equals("OPTIONS")
                && (parsed.isPreflight()
                        || decoded(() -> known.routes().match("OPTIONS", parsed.path(), ranks)) == null);
    }

    /** Returns the verbs that the path takes; refuses a path that is unknown. */
    public HttpResult options(ParsedRequest parsed) {
        Known now = known;
        Set<String> verbs = new LinkedHashSet<>(
                EVERYTHING.equals(parsed.path())
                        ? List.of("GET", "HEAD", "POST")
                        : decoded(() -> now.routes().verbs(parsed.path())));
        if (absence(now, Call.grpcService(parsed.path())) != null) {
            verbs.add("POST");
        }
        if (verbs.isEmpty()) {
            throw nothing(now, parsed.path());
        }
        verbs.add("OPTIONS");
        return HttpResult.allowing(verbs);
    }

    /** Returns how the request becomes a call. */
    public Translation route(ParsedRequest parsed) {
        Translation found = find(parsed);
        // the messages of a stream are parts of its body
        return found.streaming().server() ? found : new GzipTranslation(found, parsed.takesGzip());
    }

    private Translation find(ParsedRequest parsed) {
        String verb = parsed.verb();
        String path = parsed.path();
        Known now = known;
        Routes current = now.routes();
        Method method = current.method(path);
        if (method != null && verb.equals("POST")) {
            return TranslationChoice.connect(method, current.transcoder(path), parsed.contentType());
        }
        if (method != null && (verb.equals("GET") || verb.equals("HEAD")) && ConnectGet.takes(method)) {
            return ConnectGet.translation(method, current.transcoder(path), parsed.query());
        }
        Routes.Match match = decoded(() -> current.match(verb, path, ranks));
        if (match != null) {
            return TranslationChoice.mapped(match, parsed.query(), parsed.contentType());
        }
        Set<String> verbs = decoded(() -> current.verbs(path));
        if (!verbs.isEmpty()) {
            throw new Refusal(Problem.wrongVerb(path, verb, verbs));
        }
        String grpcService = Call.grpcService(path);
        Schema.Absence absence = absence(now, grpcService);
        if (grpcService != null && absence != null) {
            return TranslationChoice.undescribed(parsed, grpcService, absence, details);
        }
        throw nothing(now, path);
    }

    /** Returns what documents describe; another object once that has changed. */
    public Api api() {
        return known.routes().api();
    }

    /** Returns whether a service takes requests for the path, by whichever verb. */
    public boolean serves(String path) {
        Known now = known;
        return absence(now, Call.grpcService(path)) != null
                || !decoded(() -> now.routes().verbs(path)).isEmpty();
    }

    /** Returns why a gRPC service that is registered has no description; null if it has one, or is not registered. */
    private Schema.@Nullable Absence absence(Known now, @Nullable String grpcService) {
        if (grpcService == null) {
            return null;
        }
        Schema.Absence absence = now.schema().absences().get(grpcService);
        return absence == null
                        && directory.serviceOf(grpcService) != null
                        && now.routes().methodsOf(grpcService).isEmpty()
                ? NOT_HEARD_YET
                : absence;
    }

    /** Runs a look-up by path, and refuses a path whose variables are not UTF-8. */
    private static <T extends @Nullable Object> T decoded(Supplier<T> lookUp) {
        try {
            return lookUp.get();
        } catch (IllegalArgumentException wrong) {
            throw ConnectError.invalidArgument("path " + wrong.getMessage());
        }
    }

    /** Whether the method at {@code /package.Service/Method} is idempotent. */
    public boolean idempotent(String method) {
        Method own = OwnServices.methods().get(method);
        if (own != null) {
            return own.traits().idempotent();
        }
        String grpcService = Call.grpcService(method);
        Service service = grpcService == null ? null : directory.serviceOf(grpcService);
        return service != null && service.traits(method).idempotent();
    }

    private Refusal nothing(Known now, String path) {
        String grpcService = Call.grpcService(path);
        List<String> methods = grpcService == null ? List.of() : now.routes().methodsOf(grpcService);
        if (methods.isEmpty() && schemas.awaitsNewService()) {
            return new ConnectError(
                            Code.UNAVAILABLE,
                            directory.loaded()
                                    ? "not every service has described its methods yet, and none that has serves "
                                            + path
                                    : "the registry has not said yet which services there are")
                    .refusal();
        }
        String detail;
        if (!methods.isEmpty()) {
            detail = grpcService + " has no such method"
                    + (details ? " (it has: " + String.join(", ", methods) + ")" : "");
        } else {
            detail = "no method and no HTTP mapping matches"
                    + (details
                            ? ". Methods: POST /package.Service/Method of "
                                    + now.schema().grpcServices() + ". HTTP mappings: "
                                    + now.routes().mappings()
                            : "");
        }
        return new Refusal(Problem.notFound(path, detail));
    }
}
