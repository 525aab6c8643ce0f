package io.middleware.gateway.ingress.http.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorDetailsProto;
import io.middleware.core.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Errors as Google's HTTP clients read them: {@code {"error": {"code": 404, "message": ..., "status": "NOT_FOUND",
 * "details": [...]}}}.
 *
 * @see <a href="https://google.aip.dev/193">AIP-193</a>
 */
public final class GoogleError {
    private static final String CONTENT_TYPE = "application/json; charset=UTF-8";
    private static final JsonFormat.Printer DETAILS = JsonFormat.printer()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder()
                    .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
                    .build());

    private GoogleError() {}

    /** Returns a result's error in that form, with the result's status and headers; {@code error}: of that result. */
    public static HttpResult of(HttpResult answer, ConnectError error) {
        JsonObject body = new JsonObject();
        body.add("error", json(answer.status(), error));
        return new HttpResult(
                answer.status(),
                CONTENT_TYPE,
                body.toString().getBytes(StandardCharsets.UTF_8),
                answer.headers(),
                error);
    }

    /** Returns an error with its HTTP status, which is the member {@code error} of that form. */
    public static JsonObject json(int httpStatus, ConnectError error) {
        JsonObject json = new JsonObject();
        json.addProperty("code", httpStatus);
        json.addProperty("message", error.message());
        json.addProperty("status", status(httpStatus, error).name());
        JsonArray details = new JsonArray();
        error.anyDetails().forEach(detail -> details.add(json(detail)));
        if (!details.isEmpty()) {
            json.add("details", details);
        }
        return json;
    }

    /** Returns the code; an unknown path is NOT_FOUND, as in HTTP. */
    private static Code status(int httpStatus, ConnectError error) {
        return httpStatus == 404 ? Code.NOT_FOUND : error.code();
    }

    /** Returns a detail of one of Google's types as JSON, another as bytes. */
    private static JsonElement json(Any detail) {
        JsonObject readable = readable(detail);
        if (readable != null) {
            return readable;
        }
        JsonObject bytes = new JsonObject();
        bytes.addProperty("@type", detail.getTypeUrl());
        bytes.addProperty(
                "value", Base64.getEncoder().encodeToString(detail.getValue().toByteArray()));
        return bytes;
    }

    /** Returns a detail of one of Google's types as JSON, with its {@code @type}; null for another. */
    static @Nullable JsonObject readable(Any detail) {
        try {
            return JsonParser.parseString(DETAILS.print(detail)).getAsJsonObject();
        } catch (InvalidProtocolBufferException unknown) {
            return null;
        }
    }
}
