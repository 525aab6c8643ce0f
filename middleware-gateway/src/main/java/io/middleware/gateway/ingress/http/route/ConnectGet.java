package io.middleware.gateway.ingress.http.route;

import io.middleware.core.Code;
import io.middleware.core.MethodTraits;
import io.middleware.gateway.headers.Percent;
import io.middleware.gateway.ingress.http.json.JsonTranslation;
import io.middleware.gateway.ingress.http.json.ProtoTranslation;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.schema.Method;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code GET} of the Connect protocol, whose query is the request: {@code message}, {@code encoding}, and
 * perhaps {@code base64=1}, {@code compression} and {@code connect=v1}. Other parameters are ignored, as the protocol
 * has it.
 */
final class ConnectGet {
    private static final String VERSION = "v1";

    private final Map<String, byte[]> parameters = new HashMap<>();

    private ConnectGet(@Nullable String query) {
        for (String part : query == null ? new String[0] : query.split("&")) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            try {
                byte[] value = Percent.octets(equals < 0 ? "" : part.substring(equals + 1), true);
                if (parameters.put(name, value) != null) {
                    throw new IllegalArgumentException("twice (expected: once)");
                }
            } catch (IllegalArgumentException wrong) {
                throw ConnectError.invalidArgument("query parameter " + name + ": " + wrong.getMessage());
            }
        }
    }

    /** Returns whether a method may be called so: unary, and without side effects. */
    static boolean takes(Method method) {
        MethodTraits traits = method.traits();
        return traits.unary() && traits.idempotency() == MethodTraits.Idempotency.NO_SIDE_EFFECTS;
    }

    /** Returns whether a request has the protocol's mark, so that it is meant as one of Connect's. */
    static boolean isMarked(String query) {
        return ("&" + query + "&").contains("&connect=" + VERSION + "&");
    }

    /** Returns the translation of a request; {@code query}: null if there is none. */
    static Translation translation(Method method, Transcoder transcoder, @Nullable String query) {
        ConnectGet get = new ConnectGet(query);
        String version = get.text("connect", VERSION);
        if (!version.equals(VERSION)) {
            throw ConnectError.invalidArgument("query parameter connect: " + version + " (expected: " + VERSION + ")");
        }
        String encoding = get.text("encoding", "");
        Translation form = switch (encoding) {
            case "json" -> {
                TranslationChoice.checkComplete(method);
                yield new JsonTranslation(method.path(), transcoder);
            }
            case "proto" -> new ProtoTranslation(method.path());
            case "" -> throw ConnectError.invalidArgument("no query parameter encoding (expected: json or proto)");
            default ->
                throw new Refusal(Problem.unreadable(
                        415,
                        "Unsupported Media Type",
                        "query parameter encoding: " + encoding + " (expected: json or proto)",
                        method.path()));
        };
        return new QueryTranslation(form, new Translation.Content(get.message(), get.isGzip()));
    }

    private byte[] message() {
        byte[] message = parameters.get("message");
        if (message == null) {
            throw ConnectError.invalidArgument(
                    "no query parameter message (expected: the message, or nothing after =)");
        }
        String base64 = text("base64", "0");
        return switch (base64) {
            case "1" -> decoded(message);
            case "0", "" -> message;
            default -> throw ConnectError.invalidArgument("query parameter base64: " + base64 + " (expected: 1)");
        };
    }

    private boolean isGzip() {
        String compression = text("compression", "");
        return switch (compression) {
            case "gzip" -> true;
            case "identity", "" -> false;
            default ->
                throw new ConnectError(
                                Code.UNIMPLEMENTED,
                                "query parameter compression: " + compression + " (expected: identity or gzip)")
                        .refusal();
        };
    }

    /** Decodes base64 in either alphabet, padded or not. */
    private static byte[] decoded(byte[] base64) {
        String text = new String(base64, StandardCharsets.ISO_8859_1);
        try {
            return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException wrong) {
            throw ConnectError.invalidArgument("query parameter message: it is not base64 for URLs (RFC 4648, 5)");
        }
    }

    private String text(String name, String missing) {
        byte[] value = parameters.get(name);
        return value == null ? missing : new String(value, StandardCharsets.UTF_8);
    }
}
