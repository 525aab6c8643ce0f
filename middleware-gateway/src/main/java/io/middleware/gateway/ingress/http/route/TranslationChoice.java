package io.middleware.gateway.ingress.http.route;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.JsonTranslation;
import io.middleware.gateway.ingress.http.json.ProtoTranslation;
import io.middleware.gateway.ingress.http.json.Streaming;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses, by its content type, how a request to a method that was found becomes a message; or refuses it. */
final class TranslationChoice {
    private static final List<String> CONNECT_TYPES = List.of(ContentTypes.JSON, ContentTypes.PROTO);

    private TranslationChoice() {}

    /** Returns the translation of a request by Connect's path. */
    static Translation connect(Method method, Transcoder transcoder, @Nullable String contentType) {
        String type = mediaType(contentType);
        if (!method.unary()) {
            return stream(method, transcoder, type, contentType);
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

    private static Translation stream(Method method, Transcoder transcoder, String type, @Nullable String contentType) {
        if (type.startsWith(ContentTypes.CONNECT_STREAM)) {
            throw new Refusal(new ConnectError(
                            Code.UNIMPLEMENTED,
                            method.path() + " is a streaming method, which the gateway's gRPC port takes by "
                                    + "Connect (expected: the port for gRPC; or Content-Type application/json)")
                    .endOfStream(type));
        }
        Streaming streaming = streaming(method, type);
        if (!type.equals(ContentTypes.JSON) && !streaming.lines()) {
            throw new Refusal(Problem.wrongContentType(method.path(), contentType, streamTypes(method)));
        }
        checkComplete(method);
        return new JsonTranslation(method.path(), transcoder, streaming);
    }

    /** {@code type}: the request's content type, without parameters. */
    private static Streaming streaming(Method method, String type) {
        boolean client = method.descriptor().isClientStreaming();
        return method.unary()
                ? Streaming.NONE
                : new Streaming(client, method.descriptor().isServerStreaming(), client && ContentTypes.isLines(type));
    }

    private static List<String> streamTypes(Method method) {
        return method.descriptor().isClientStreaming()
                ? List.of(ContentTypes.JSON, ContentTypes.NDJSON)
                : List.of(ContentTypes.JSON);
    }

    /** Returns the translation of a request that matches an HTTP mapping. */
    static Translation mapped(Routes.Match match, @Nullable String query, @Nullable String contentType) {
        HttpMapping mapping = match.mapping();
        Method method = mapping.method();
        checkComplete(method);
        String type = mediaType(contentType);
        Streaming streaming = streaming(method, type);
        if (mapping.messages().takesBody()
                && !mapping.messages().takesRawBody()
                && contentType != null
                && !type.equals(ContentTypes.JSON)
                && !streaming.lines()) {
            throw new Refusal(Problem.wrongContentType(mapping.toString(), contentType, streamTypes(method)));
        }
        SystemParameters parameters = SystemParameters.of(query);
        return new MappedTranslation(
                mapping,
                match.variables(),
                streaming.server() ? parameters.onOneLine() : parameters,
                contentType,
                streaming);
    }

    /**
     * Returns the translation for a registered service without descriptors: serialized messages pass even so.
     *
     * @param details whether the reason may name instances
     */
    static Translation undescribed(ParsedRequest request, String grpcService, Schema.Absence absence, boolean details) {
        String path = request.path();
        String contentType = request.contentType();
        if (!request.verb().equals("POST")) {
            throw new Refusal(Problem.wrongVerb(path, request.verb(), List.of("POST")));
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

    /** Refuses a method whose messages are not known in full. */
    static void checkComplete(Method method) {
        if (method.missing() != null) {
            throw new ConnectError(
                            Code.UNIMPLEMENTED,
                            "JSON for " + method.path() + " needs " + method.missing()
                                    + ", which the server's reflection does not know; call it by gRPC, or with Content-Type "
                                    + ContentTypes.PROTO)
                    .refusal();
        }
    }

    /**
     * Returns the type without its parameters, empty if there is none; another charset than UTF-8 makes it another
     * type.
     */
    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=") && !parameter.replace("\"", "").equals("charset=utf-8")) {
                return contentType;
            }
        }
        return parts[0].strip();
    }
}
