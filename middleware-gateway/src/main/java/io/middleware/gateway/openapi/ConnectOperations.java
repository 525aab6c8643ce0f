package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.gateway.schema.Method;
import java.util.List;
import java.util.Set;

/** Describes the calls by Connect's paths. */
final class ConnectOperations {
    private final FieldSchemas fields;
    private final Comments comments;
    private final CommonParts common;
    private final Set<String> keyed;

    /** {@code keyed}: the gRPC services that take idempotency keys. */
    ConnectOperations(FieldSchemas fields, Comments comments, CommonParts common, Set<String> keyed) {
        this.fields = fields;
        this.comments = comments;
        this.common = common;
        this.keyed = keyed;
    }

    static boolean hasGet(Method method) {
        return method.unary() && method.traits().idempotency() == Idempotency.NO_SIDE_EFFECTS && isJson(method);
    }

    /** Returns whether all types that the messages need are known. */
    static boolean isJson(Method method) {
        return method.missing() == null;
    }

    JsonObject post(Method method) {
        boolean key = !method.traits().idempotent() && keyed.contains(method.grpcService());
        JsonObject operation = Operation.of(
                method,
                Operation.id(method, ""),
                comments,
                isJson(method) ? "" : "Takes no JSON: the server's descriptors are incomplete.");
        operation.add("parameters", common.parameters(key, List.of()));
        if (isJson(method)) {
            operation.add(
                    "requestBody",
                    Bodies.request(
                            method.descriptor(),
                            fields.message(method.descriptor().getInputType())));
            operation.add(
                    "responses",
                    common.responses(Bodies.response(
                            method.descriptor(),
                            fields.message(method.descriptor().getOutputType()))));
        } else {
            operation.add("requestBody", Bodies.requestBody("The serialized message", Bodies.PROTO, Bodies.binary()));
            operation.add("responses", common.responses(Bodies.content(Bodies.PROTO, Bodies.binary())));
        }
        return operation;
    }

    /** Returns Connect's GET, for methods without side effects. */
    JsonObject get(Method method) {
        JsonObject operation = Operation.of(method, Operation.id(method, "-get"), comments);
        operation.add(
                "parameters",
                common.parameters(
                        false,
                        List.of(
                                Json.object(
                                        "name",
                                        "message",
                                        "in",
                                        "query",
                                        "required",
                                        true,
                                        "content",
                                        Bodies.content(
                                                Bodies.JSON,
                                                fields.message(
                                                        method.descriptor().getInputType()))),
                                Json.object(
                                        "name",
                                        "encoding",
                                        "in",
                                        "query",
                                        "required",
                                        true,
                                        "schema",
                                        Json.object("type", "string", "enum", Json.array("json"))))));
        operation.add(
                "responses",
                common.responses(Bodies.response(
                        method.descriptor(), fields.message(method.descriptor().getOutputType()))));
        return operation;
    }
}
