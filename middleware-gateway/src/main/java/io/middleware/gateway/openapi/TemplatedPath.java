package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.middleware.gateway.protojson.FieldNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path as OpenAPI writes it, where each parameter is one segment: of {@code /v1/{name=shelves/*}} it makes
 * {@code /v1/shelves/{shelvesId}}.
 *
 * @param shape  with {@code {}} for each parameter; equal for paths that OpenAPI cannot distinguish
 * @param wanted the parameters' names
 */
record TemplatedPath(String shape, List<String> wanted, List<Parameter> parameters) {
    private static final String ONE = "*";
    private static final String REST = "**";
    private static final String PLACE = "{}";

    /** {@code field}: whose value the segment is; null if it is part of one, or of none. */
    record Parameter(@Nullable FieldDescriptor field, String description) {}

    static TemplatedPath literal(String path) {
        return new TemplatedPath(path, List.of(), List.of());
    }

    static TemplatedPath of(RestMapping mapping) {
        StringBuilder shape = new StringBuilder();
        List<String> names = new ArrayList<>();
        List<Parameter> parameters = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < mapping.segments().size(); i++) {
            String segment = mapping.segments().get(i);
            shape.append('/');
            if (segment.equals(ONE) || segment.equals(REST)) {
                shape.append(PLACE);
                names.add(unused(name(mapping, i), taken));
                parameters.add(parameter(mapping, i));
            } else {
                shape.append(segment.replace("{", "%7B").replace("}", "%7D"));
            }
        }
        if (mapping.pathVerb() != null) {
            shape.append(':').append(mapping.pathVerb());
        }
        return new TemplatedPath(shape.toString(), names, parameters);
    }

    /** Returns the path with these names of the parameters. */
    String text(List<String> names) {
        StringBuilder text = new StringBuilder(shape);
        int at = 0;
        for (String name : names) {
            at = text.indexOf(PLACE, at) + 1;
            text.insert(at, name);
            at += name.length();
        }
        return text.toString();
    }

    private static Parameter parameter(RestMapping mapping, int at) {
        RestMapping.Variable variable = variable(mapping, at);
        String slashes = mapping.segments().get(at).equals(REST) ? ". It may contain slashes" : "";
        if (variable == null) {
            return new Parameter(null, "Any segment" + slashes);
        }
        String field = "`" + variable.fieldPath() + "`";
        return variable.to() - variable.from() == 1
                ? new Parameter(
                        FieldNames.resolve(mapping.method().descriptor().getInputType(), variable.fieldPath())
                                .getLast(),
                        "Field " + field + slashes)
                : new Parameter(
                        null,
                        "Part of field " + field + ", which is `"
                                + String.join("/", mapping.segments().subList(variable.from(), variable.to())) + "`"
                                + slashes);
    }

    /** Returns the field's path for a segment that is a whole field, otherwise a name made of the segment before. */
    private static String name(RestMapping mapping, int at) {
        RestMapping.Variable variable = variable(mapping, at);
        if (variable == null) {
            return "segment";
        }
        boolean named = at > variable.from() && !mapping.segments().get(at - 1).startsWith(ONE);
        return named ? mapping.segments().get(at - 1).replaceAll("[^A-Za-z0-9_.-]", "_") + "Id" : variable.fieldPath();
    }

    private static RestMapping.@Nullable Variable variable(RestMapping mapping, int at) {
        for (RestMapping.Variable variable : mapping.variables()) {
            if (variable.from() <= at && at < variable.to()) {
                return variable;
            }
        }
        return null;
    }

    private static String unused(String name, Set<String> taken) {
        String unused = name;
        for (int i = 2; !taken.add(unused); i++) {
            unused = name + i;
        }
        return unused;
    }

    /** Returns the parameters under these names. */
    List<JsonObject> describe(List<String> names, FieldSchemas fields) {
        List<JsonObject> described = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            described.add(Json.object(
                    "name",
                    names.get(i),
                    "in",
                    "path",
                    "required",
                    true,
                    "description",
                    parameter.description,
                    "schema",
                    parameter.field == null ? Json.object("type", "string") : fields.one(parameter.field)));
        }
        return described;
    }
}
