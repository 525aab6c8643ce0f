package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import io.middleware.gateway.schema.Method;
import java.util.ArrayList;
import java.util.List;

/** Makes the parts of an operation that all kinds have. */
final class Operation {
    private Operation() {}

    /** {@code remarks}: sentences after the method's comment. */
    static JsonObject of(Method method, String id, Comments comments, String... remarks) {
        JsonObject operation = Json.object(
                "operationId",
                id,
                "tags",
                Json.array(method.grpcService()),
                "summary",
                method.descriptor().getName());
        List<String> sentences = new ArrayList<>(List.of(remarks));
        sentences.addFirst(comments.of(method.descriptor()));
        sentences.removeIf(String::isEmpty);
        Json.addText(operation, "description", String.join("\n\n", sentences));
        MessageSchemas.markDeprecated(
                operation,
                method.descriptor().getOptions().getDeprecated()
                        || method.descriptor().getService().getOptions().getDeprecated());
        return operation;
    }

    /** Returns an id that differs from those of all other operations, as no name in a {@code .proto} file has a hyphen. */
    static String id(Method method, String kind) {
        return method.grpcService() + "." + method.descriptor().getName() + kind;
    }
}
