package io.middleware.gateway.ingress.http.result;

import com.google.gson.JsonObject;
import io.middleware.core.Code;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results for requests that reach no method, as problem JSON (RFC 9457). */
public final class Problem {
    static final String CONTENT_TYPE = "application/problem+json";

    private Problem() {}

    public static HttpResult notFound(String path, String detail) {
        return answer(404, "Not Found", detail, path, Map.of());
    }

    /** Returns the result for a request that cannot be read or is not accepted. */
    public static HttpResult unreadable(int status, String title, String detail, String path) {
        return answer(status, title, detail, path, Map.of());
    }

    /** {@code allowed}: the verbs that the path takes. */
    public static HttpResult wrongVerb(String path, String verb, Collection<String> allowed) {
        String allow = String.join(", ", allowed);
        return answer(
                405,
                "Method Not Allowed",
                path + " does not take " + verb + " (expected: " + allow + ")",
                path,
                Map.of("Allow", allow));
    }

    /** {@code given}: the content types that the path can give. */
    public static HttpResult notAcceptable(String path, String accept, Collection<String> given) {
        return answer(
                406,
                "Not Acceptable",
                "Accept: " + accept + " (expected: one of " + String.join(", ", given) + ")",
                path,
                Map.of());
    }

    /** {@code contentType}: null if there is none; {@code accepted}: those that the path takes. */
    public static HttpResult wrongContentType(String path, @Nullable String contentType, Collection<String> accepted) {
        String accept = String.join(", ", accepted);
        String given = contentType == null ? "no Content-Type" : "Content-Type " + contentType;
        return answer(
                415,
                "Unsupported Media Type",
                given + " (expected: " + accept + ")",
                path,
                Map.of("Accept-Post", accept));
    }

    private static HttpResult answer(
            int status, String title, String detail, String path, Map<String, String> headers) {
        JsonObject problem = new JsonObject();
        problem.addProperty("type", "about:blank");
        problem.addProperty("title", title);
        problem.addProperty("status", status);
        problem.addProperty("detail", detail);
        problem.addProperty("instance", path);
        return new HttpResult(
                status,
                CONTENT_TYPE,
                problem.toString().getBytes(StandardCharsets.UTF_8),
                headers,
                new ConnectError(code(status), detail));
    }

    /**
     * Maps as Connect's clients do for a status without an error of Connect's, except that 400 is the caller's error.
     */
    private static Code code(int status) {
        return switch (status) {
            case 400 -> Code.INVALID_ARGUMENT;
            case 404 -> Code.UNIMPLEMENTED;
            default -> Code.UNKNOWN;
        };
    }
}
