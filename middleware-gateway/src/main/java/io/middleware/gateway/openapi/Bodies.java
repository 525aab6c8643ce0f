package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.MethodDescriptor;

/** Describes bodies by their content types: one message, or a stream of them. */
final class Bodies {
    static final String JSON = "application/json";
    static final String PROTO = "application/proto";
    private static final String LINES = "application/x-ndjson";
    private static final String EVENTS = "text/event-stream";

    private Bodies() {}

    /** Returns the body of a request to a method whose message has the schema. */
    static JsonObject request(MethodDescriptor method, JsonObject message) {
        return method.isClientStreaming()
                ? requestBody("A stream of messages, one in each line", LINES, message)
                : Json.object("required", true, "content", content(JSON, message));
    }

    /** Returns a request body of one content type. */
    static JsonObject requestBody(String description, String contentType, JsonObject schema) {
        return Json.object("description", description, "required", true, "content", content(contentType, schema));
    }

    /** Returns the content types of a response by a method whose message has the schema. */
    static JsonObject response(MethodDescriptor method, JsonObject message) {
        if (!method.isServerStreaming()) {
            return content(JSON, message);
        }
        JsonObject lines = content(LINES, message);
        if (method.isClientStreaming()) {
            return lines;
        }
        JsonObject all = content(JSON, Json.object("type", "array", "items", message));
        lines.entrySet().forEach(entry -> all.add(entry.getKey(), entry.getValue()));
        all.add(
                EVENTS,
                Json.object(
                        "schema",
                        Json.object(
                                "type",
                                "string",
                                "description",
                                "An event for each message, with the message as JSON in `data`; "
                                        + "after a failure a last event `error`")));
        return all;
    }

    static JsonObject content(String contentType, JsonObject schema) {
        return Json.object(contentType, Json.object("schema", schema));
    }

    static JsonObject binary() {
        return Json.object("type", "string", "format", "binary");
    }
}
