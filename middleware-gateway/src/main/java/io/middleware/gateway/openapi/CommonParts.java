package io.middleware.gateway.openapi;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Describes what all operations share: errors, and the headers of requests and responses. */
final class CommonParts {
    /** Names that no type in a {@code .proto} file has. */
    private static final String ERROR = "connect-error";

    private static final String PROBLEM = "http-problem";
    private static final String TIMEOUT = "connect-timeout";
    private static final String KEY = "idempotency-key";

    private final JsonObject headers = new JsonObject();
    private final JsonObject headerRefs = new JsonObject();

    /** {@code details}: whether callers may know instances. */
    CommonParts(boolean details) {
        header("x-call-id", "Identifies the call in logs: the request's own, or a new one", "string");
        header("middleware-gateway", "The gateway that handled the call", "string");
        header("middleware-attempts", "How many attempts the call took", "integer");
        header("middleware-fallback", "`secondary` or `stale`, when no primary responded", "string");
        header("middleware-tried", "The attempts that failed, and why", "string");
        if (details) {
            header("middleware-instance", "The instance that responded", "string");
        }
    }

    private void header(String name, String description, String type) {
        headers.add(name, Json.object("description", description, "schema", Json.object("type", type)));
        headerRefs.add(name, Json.ref("headers", name));
    }

    /** Returns the responses of an operation that succeeds with this content. */
    JsonObject responses(JsonObject content) {
        return Json.object(
                "200",
                Json.object("description", "Success", "headers", headerRefs, "content", content),
                "default",
                Json.ref("responses", "error"));
    }

    /** Returns the parameters of an operation; {@code key}: whether an idempotency key is one of them. */
    JsonArray parameters(boolean key, List<JsonObject> own) {
        List<JsonObject> all = new ArrayList<>(own);
        all.add(Json.ref("parameters", TIMEOUT));
        if (key) {
            all.add(Json.ref("parameters", KEY));
        }
        return Json.array(all);
    }

    JsonObject parameters() {
        return Json.object(
                TIMEOUT,
                Json.object(
                        "name",
                        "Connect-Timeout-Ms",
                        "in",
                        "header",
                        "description",
                        "The call's deadline, in milliseconds from now",
                        "schema",
                        Json.object("type", "integer", "format", "int64", "minimum", 0, "maximum", 9_999_999_999L)),
                KEY,
                Json.object(
                        "name",
                        "Idempotency-Key",
                        "in",
                        "header",
                        "description",
                        "Makes the call idempotent: servers execute it once per key",
                        "schema",
                        Json.object("type", "string")));
    }

    JsonObject headers() {
        return headers;
    }

    JsonObject errorResponses() {
        JsonObject content = Bodies.content(Bodies.JSON, Json.ref("schemas", ERROR));
        content.add("application/problem+json", Json.object("schema", Json.ref("schemas", PROBLEM)));
        return Json.object(
                "error",
                Json.object(
                        "description",
                        "An error of the method or of the way to it, in Connect's form; "
                                + "or a problem (RFC 9457), when the request reached no method",
                        "headers",
                        headerRefs,
                        "content",
                        content));
    }

    /** Adds the schemas of errors. */
    static void addSchemas(JsonObject schemas) {
        JsonObject text = Json.object("type", "string");
        JsonObject detail = Json.object(
                "type",
                "object",
                "properties",
                Json.object(
                        "type",
                        Json.object("type", "string", "description", "The full name of a message"),
                        "value",
                        Json.object("type", "string", "description", "The message, serialized, in base64")));
        schemas.add(
                ERROR,
                Json.object(
                        "type",
                        "object",
                        "required",
                        Json.array("code"),
                        "properties",
                        Json.object(
                                "code",
                                Json.object("type", "string", "examples", Json.array("unavailable")),
                                "message",
                                text,
                                "details",
                                Json.object("type", "array", "items", detail))));
        schemas.add(
                PROBLEM,
                Json.object(
                        "type",
                        "object",
                        "properties",
                        Json.object(
                                "type",
                                text,
                                "title",
                                text,
                                "status",
                                Json.object("type", "integer"),
                                "detail",
                                text,
                                "instance",
                                text)));
    }
}
