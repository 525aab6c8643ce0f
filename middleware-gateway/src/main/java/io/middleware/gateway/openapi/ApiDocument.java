package io.middleware.gateway.openapi;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.middleware.gateway.schema.Method;
import java.io.IOException;
import java.io.Writer;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the OpenAPI document of an {@link Api}. Only one path or type is in memory as a tree at a time.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a>
 */
public final class ApiDocument {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
    private static final String DESCRIPTION = "Methods of gRPC services, called with JSON. "
            + "`int64` and `uint64` are strings, as are `NaN`, `Infinity` and `-Infinity`; "
            + "a field with its default value may be left out.";

    /** By name, but those that a gateway serves itself after all others. */
    private static final Comparator<String> OWN_LAST = Comparator.comparing(
                    (String service) -> service.startsWith("grpc."))
            .thenComparing(Comparator.naturalOrder());

    private final Api api;
    private final String title;
    private final Comments comments = new Comments();
    private final TypeNames types = new TypeNames();
    private final MessageSchemas messages;
    private final CommonParts common;
    private final Paths paths;

    /**
     * @param title   of the document
     * @param keyed   the gRPC services that take idempotency keys
     * @param details whether responses name instances
     */
    public ApiDocument(Api api, String title, Set<String> keyed, boolean details) {
        this.api = api;
        this.title = title;
        FieldSchemas fields = new FieldSchemas(types);
        messages = new MessageSchemas(fields, comments);
        common = new CommonParts(details);
        paths = new Paths(
                api,
                new ConnectOperations(fields, comments, common, keyed),
                new RestOperations(fields, messages, comments, common, keyed));
    }

    /** Writes the document once. */
    public void writeTo(Writer to) throws IOException {
        JsonWriter json = new JsonWriter(to);
        json.setHtmlSafe(false);
        json.beginObject();
        json.name("openapi").value("3.1.0");
        member(json, "info", Json.object("title", title, "version", "1", "description", DESCRIPTION));
        json.name("tags").beginArray();
        for (ServiceDescriptor service : services().values()) {
            JsonObject tag = Json.object("name", service.getFullName());
            Json.addText(tag, "description", comments.of(service));
            GSON.toJson(tag, json);
        }
        json.endArray();
        json.name("paths").beginObject();
        for (Paths.Item item : paths.items()) {
            member(json, item.text(), item.describe());
        }
        json.endObject();
        json.name("components").beginObject();
        writeSchemas(json);
        member(json, "responses", common.errorResponses());
        member(json, "parameters", common.parameters());
        member(json, "headers", common.headers());
        json.endObject();
        json.endObject();
        json.flush();
    }

    private Map<String, ServiceDescriptor> services() {
        Map<String, ServiceDescriptor> services = new TreeMap<>(OWN_LAST);
        for (Method method : api.methods()) {
            services.putIfAbsent(method.grpcService(), method.descriptor().getService());
        }
        return services;
    }

    /** Writes the types that the paths refer to, and those that these refer to in turn. */
    private void writeSchemas(JsonWriter json) throws IOException {
        json.name("schemas").beginObject();
        for (GenericDescriptor type = types.next(); type != null; type = types.next()) {
            member(json, types.name(type), messages.of(type));
        }
        JsonObject errors = new JsonObject();
        CommonParts.addSchemas(errors);
        for (Map.Entry<String, JsonElement> error : errors.entrySet()) {
            member(json, error.getKey(), error.getValue());
        }
        json.endObject();
    }

    private static void member(JsonWriter json, String name, JsonElement value) throws IOException {
        json.name(name);
        GSON.toJson(value, json);
    }
}
