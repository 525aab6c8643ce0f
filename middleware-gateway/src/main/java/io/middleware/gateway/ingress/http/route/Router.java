package io.middleware.gateway.ingress.http.route;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.gateway.ingress.http.json.JsonTranslation;
import io.middleware.gateway.ingress.http.json.ProtoTranslation;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.SchemaWatch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what an HTTP request asks for, or the answer that says why it asks for nothing that there is. */
public final class Router {
    private static final Logger log = LoggerFactory.getLogger(Router.class);

    private static final List<String> CONNECT_TYPES = List.of(ContentTypes.JSON, ContentTypes.PROTO);
    /** {@code OPTIONS *} asks of the server as a whole. */
    private static final String EVERYTHING = "*";

    private static final Schema.Absence NOT_HEARD_YET = new Schema.Absence(false, "no server has described it yet");

    private final Directory directory;
    private final ServiceRanks ranks;
    private final SchemaWatch schemas;
    private final boolean details;
    private volatile Known known = new Known(Schema.EMPTY, new Routes(Schema.EMPTY.methods()));

    /** What is known of the methods, and the routes to these. */
    private record Known(Schema schema, Routes routes) {}

    /** {@code details}: whether errors may name instances, and what there is to call. */
    public Router(Directory directory, SchemaWatch schemas, boolean details) {
        this.directory = directory;
        this.ranks = new ServiceRanks(directory);
        this.schemas = schemas;
        this.details = details;
        schemas.listen(this::learn);
    }

    /** Made where the news is heard: no call is to wait for that. */
    private void learn(Schema schema) {
        Routes routes = known.routes();
        Routes newer = routes.areOf(schema.methods()) ? routes : new Routes(schema.methods());
        newer.unusable().stream()
                .filter(rule -> !routes.unusable().contains(rule))
                .forEach(rule -> log.warn("no HTTP mapping for {}", rule));
        known = new Known(schema, newer);
    }

    /** Whether the request asks what its path takes: a preflight always does, whatever takes it. */
    public boolean isOptions(ParsedRequest parsed) {
        return parsed.verb().equals("OPTIONS")
                && (parsed.isPreflight()
                        || decoded(() -> known.routes().match("OPTIONS", parsed.path(), ranks)) == null);
    }

    /** Returns the verbs that the path takes. Refused where nothing is there. */
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
        String verb = parsed.verb();
        String path = parsed.path();
        Known now = known;
        Routes current = now.routes();
        Method method = current.method(path);
        if (method != null && verb.equals("POST")) {
            return connect(method, current.transcoder(path), parsed.contentType());
        }
        Routes.Match match = decoded(() -> current.match(verb, path, ranks));
        if (match != null) {
            return mapped(match, parsed.query(), parsed.contentType());
        }
        Set<String> verbs = decoded(() -> current.verbs(path));
        if (!verbs.isEmpty()) {
            throw new Refusal(Problem.wrongVerb(path, verb, verbs));
        }
        String grpcService = Call.grpcService(path);
        Schema.Absence absence = absence(now, grpcService);
        if (absence != null) {
            return undescribed(verb, path, grpcService, absence, parsed.contentType());
        }
        throw nothing(now, path);
    }

    /** Returns why a gRPC service that is registered has no description; null where it has one, or is not registered. */
    private Schema.Absence absence(Known now, String grpcService) {
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

    /** What is looked up by a path whose variables may be no UTF-8. */
    private static <T> T decoded(Supplier<T> lookUp) {
        try {
            return lookUp.get();
        } catch (IllegalArgumentException wrong) {
            throw ConnectError.invalidArgument("path " + wrong.getMessage());
        }
    }

    /** Whether the method at {@code /package.Service/Method} may be executed twice. */
    public boolean idempotent(String method) {
        Service service = directory.serviceOf(Call.grpcService(method));
        return service != null && service.traits(method).idempotent();
    }

    private static Translation connect(Method method, Transcoder transcoder, String contentType) {
        String type = mediaType(contentType);
        boolean streams = type.startsWith(ContentTypes.CONNECT_STREAM);
        if (!method.unary() && (streams || CONNECT_TYPES.contains(type))) {
            ConnectError error = new ConnectError(
                    Code.UNIMPLEMENTED,
                    method.path() + " is a streaming method, which can be called by gRPC but not over HTTP");
            throw new Refusal(streams ? error.endOfStream(type) : error.answer());
        }
        if (type.equals(ContentTypes.JSON)) {
            checkComplete(method);
        }
        return switch (type) {
            case ContentTypes.JSON -> new JsonTranslation(method.path(), transcoder);
            case ContentTypes.PROTO -> new ProtoTranslation(method.path());
            default -> throw new Refusal(Problem.wrongContentType(method.path(), contentType, CONNECT_TYPES));
        };
    }

    private static void checkComplete(Method method) {
        if (method.missing() != null) {
            throw new ConnectError(
                            Code.UNIMPLEMENTED,
                            "JSON for " + method.path() + " needs " + method.missing()
                                    + ", which the server's reflection does not know; call it by gRPC, or with Content-Type "
                                    + ContentTypes.PROTO)
                    .refusal();
        }
    }

    private static Translation mapped(Routes.Match match, String query, String contentType) {
        HttpMapping mapping = match.mapping();
        checkComplete(mapping.method());
        if (!mapping.method().unary()) {
            throw new ConnectError(
                            Code.UNIMPLEMENTED,
                            mapping + " is mapped to the streaming method "
                                    + mapping.method().path() + ", which can be called by gRPC but not over HTTP")
                    .refusal();
        }
        if (mapping.takesBody()
                && !mapping.takesRawBody()
                && contentType != null
                && !mediaType(contentType).equals(ContentTypes.JSON)) {
            throw new Refusal(Problem.wrongContentType(mapping.toString(), contentType, List.of(ContentTypes.JSON)));
        }
        return new MappedTranslation(mapping, match.variables(), SystemParameters.of(query), contentType);
    }

    /** A registered service without descriptors: serialized messages can pass even so. */
    private Translation undescribed(
            String verb, String path, String grpcService, Schema.Absence absence, String contentType) {
        if (!verb.equals("POST")) {
            throw new Refusal(Problem.wrongVerb(path, verb, List.of("POST")));
        }
        String type = mediaType(contentType);
        if (type.equals(ContentTypes.PROTO)) {
            return new ProtoTranslation(path);
        }
        if (!type.equals(ContentTypes.JSON)) {
            throw new Refusal(Problem.wrongContentType(path, contentType, CONNECT_TYPES));
        }
        throw (absence.permanent()
                        ? new ConnectError(
                                Code.UNIMPLEMENTED,
                                "JSON for " + grpcService + " needs its descriptors, but "
                                        + (details
                                                ? absence.reason()
                                                : "its servers do not give them by server reflection")
                                        + "; call it by gRPC, or with Content-Type " + ContentTypes.PROTO)
                        : new ConnectError(
                                Code.UNAVAILABLE,
                                "JSON for " + grpcService + " needs its descriptors, which are not known yet"
                                        + (details ? ": " + absence.reason() : "")))
                .refusal();
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

    /** Without parameters, of which UTF-8 is the only charset that is taken; empty where there is none. */
    private static String mediaType(String contentType) {
        if (contentType == null) {
            return "";
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=") && !parameter.replace("\"", "").equals("charset=utf-8")) {
                return contentType;
            }
        }
        return parts[0].strip();
    }
}
