package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.middleware.gateway.protojson.FieldNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes the calls by {@code google.api.http} mappings. */
final class RestOperations {
    private static final String WHOLE = "*";
    private static final String HTTP_BODY = "google.api.HttpBody";

    private final FieldSchemas fields;
    private final MessageSchemas messages;
    private final QueryFields query;
    private final Comments comments;
    private final CommonParts common;
    private final Set<String> keyed;

    RestOperations(
            FieldSchemas fields, MessageSchemas messages, Comments comments, CommonParts common, Set<String> keyed) {
        this.fields = fields;
        this.messages = messages;
        this.query = new QueryFields(fields, comments);
        this.comments = comments;
        this.common = common;
        this.keyed = keyed;
    }

    /**
     * Describes one verb of a mapping.
     *
     * @param names  of the parameters in the path
     * @param number tells the operations of one method apart
     */
    JsonObject of(RestMapping mapping, TemplatedPath path, List<String> names, int number) {
        MethodDescriptor method = mapping.method().descriptor();
        JsonObject operation = Operation.of(
                mapping.method(),
                Operation.id(mapping.method(), "-http" + (number == 1 ? "" : number)),
                comments,
                path.parameters().isEmpty() ? "" : "Mapped as `" + mapping.template() + "`.");
        List<JsonObject> parameters = path.describe(names, fields);
        if (!mapping.body().equals(WHOLE)) {
            parameters.addAll(query.of(method.getInputType(), bound(mapping)));
        }
        boolean key = !mapping.method().traits().idempotent()
                && keyed.contains(mapping.method().grpcService());
        operation.add("parameters", common.parameters(key, parameters));
        JsonObject body = requestBody(mapping);
        if (body != null) {
            operation.add("requestBody", body);
        }
        operation.add("responses", common.responses(response(mapping)));
        return operation;
    }

    private @Nullable JsonObject requestBody(RestMapping mapping) {
        if (mapping.body().isEmpty()) {
            return null;
        }
        MethodDescriptor method = mapping.method().descriptor();
        Descriptor request = method.getInputType();
        if (mapping.body().equals(WHOLE)) {
            return request.getFullName().equals(HTTP_BODY)
                    ? content()
                    : Bodies.request(method, wholeWithout(request, pathFields(mapping)));
        }
        FieldDescriptor field = field(request, mapping.body());
        return isHttpBody(field) ? content() : Bodies.request(method, fields.of(field));
    }

    private static JsonObject content() {
        return Bodies.requestBody(
                "Content of any type, which is taken as it is", "application/octet-stream", Bodies.binary());
    }

    private JsonObject wholeWithout(Descriptor request, Set<FieldDescriptor> without) {
        return without.isEmpty() ? fields.message(request) : messages.message(request, without);
    }

    private JsonObject response(RestMapping mapping) {
        MethodDescriptor method = mapping.method().descriptor();
        Descriptor response = method.getOutputType();
        if (mapping.responseBody().isEmpty()) {
            return response.getFullName().equals(HTTP_BODY)
                    ? Bodies.content("*/*", Bodies.binary())
                    : Bodies.response(method, fields.message(response));
        }
        FieldDescriptor field = field(response, mapping.responseBody());
        return isHttpBody(field) ? Bodies.content("*/*", Bodies.binary()) : Bodies.response(method, fields.of(field));
    }

    /** Returns the paths of the fields that are no query parameters. */
    private static Set<List<FieldDescriptor>> bound(RestMapping mapping) {
        Set<List<FieldDescriptor>> bound = new HashSet<>(inPath(mapping));
        if (!mapping.body().isEmpty()) {
            bound.add(List.of(field(mapping.method().descriptor().getInputType(), mapping.body())));
        }
        return bound;
    }

    private static List<List<FieldDescriptor>> inPath(RestMapping mapping) {
        Descriptor request = mapping.method().descriptor().getInputType();
        return mapping.variables().stream()
                .map(variable -> FieldNames.resolve(request, variable.fieldPath()))
                .toList();
    }

    /** Returns the request's own fields that the path sets. */
    private static Set<FieldDescriptor> pathFields(RestMapping mapping) {
        return inPath(mapping).stream()
                .filter(path -> path.size() == 1)
                .map(List::getFirst)
                .collect(Collectors.toSet());
    }

    private static FieldDescriptor field(Descriptor message, String name) {
        return FieldNames.resolve(message, name).getFirst();
    }

    private static boolean isHttpBody(FieldDescriptor field) {
        return !field.isRepeated()
                && field.getJavaType() == JavaType.MESSAGE
                && field.getMessageType().getFullName().equals(HTTP_BODY);
    }
}
