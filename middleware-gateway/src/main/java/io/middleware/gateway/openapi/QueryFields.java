package io.middleware.gateway.openapi;

import com.google.api.FieldBehavior;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.middleware.gateway.protojson.WellKnown;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Describes the fields of a request message that may be query parameters, those of messages in it included. A message
 * within itself is left out, as its parameters had no end.
 */
final class QueryFields {
    /** Messages of messages may have any number; a form with more helps nobody. */
    private static final int MAX_PARAMETERS = 100;

    private final FieldSchemas fields;
    private final Comments comments;

    QueryFields(FieldSchemas fields, Comments comments) {
        this.fields = fields;
        this.comments = comments;
    }

    /**
     * Returns the parameters of a message.
     *
     * @param bound paths of fields that are given otherwise, with all that is in them
     */
    List<JsonObject> of(Descriptor message, Set<List<FieldDescriptor>> bound) {
        Map<String, JsonObject> parameters = new LinkedHashMap<>();
        new Walk(bound, parameters).through(message, "", true);
        return List.copyOf(parameters.values());
    }

    private final class Walk {
        private final Set<List<FieldDescriptor>> bound;
        private final Map<String, JsonObject> parameters;
        private final Deque<FieldDescriptor> path = new ArrayDeque<>();
        private final Deque<Descriptor> within = new ArrayDeque<>();

        Walk(Set<List<FieldDescriptor>> bound, Map<String, JsonObject> parameters) {
            this.bound = bound;
            this.parameters = parameters;
        }

        void through(Descriptor message, String prefix, boolean required) {
            within.addLast(message);
            for (FieldDescriptor field : message.getFields()) {
                path.addLast(field);
                if (parameters.size() < MAX_PARAMETERS
                        && !bound.contains(List.copyOf(path))
                        && !MessageSchemas.has(field, FieldBehavior.OUTPUT_ONLY)) {
                    visit(field, prefix + field.getJsonName(), required && MessageSchemas.isRequired(field));
                }
                path.removeLast();
            }
            within.removeLast();
        }

        private void visit(FieldDescriptor field, String name, boolean required) {
            if (field.isMapField()) {
                return;
            }
            if (field.getJavaType() != JavaType.MESSAGE || isText(field.getMessageType())) {
                parameters.putIfAbsent(name, parameter(field, name, required));
            } else if (!field.isRepeated()
                    && WellKnown.of(field.getMessageType()) == null
                    && !within.contains(field.getMessageType())) {
                through(field.getMessageType(), name + ".", required);
            }
        }
    }

    private JsonObject parameter(FieldDescriptor field, String name, boolean required) {
        JsonObject parameter = Json.object("name", name, "in", "query");
        if (required) {
            parameter.addProperty("required", true);
        }
        Json.addText(parameter, "description", comments.of(field));
        MessageSchemas.markDeprecated(parameter, field.getOptions().getDeprecated());
        parameter.add("schema", fields.of(field));
        return parameter;
    }

    private static boolean isText(Descriptor message) {
        WellKnown known = WellKnown.of(message);
        return known != null
                && switch (known) {
                    case DURATION, FIELD_MASK, TIMESTAMP, VALUE, WRAPPER -> true;
                    case ANY, LIST_VALUE, STRUCT -> false;
                };
    }
}
