package io.middleware.gateway.openapi;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes messages and enums. */
final class MessageSchemas {
    private final FieldSchemas fields;
    private final Comments comments;

    MessageSchemas(FieldSchemas fields, Comments comments) {
        this.fields = fields;
        this.comments = comments;
    }

    JsonObject of(GenericDescriptor type) {
        return type instanceof EnumDescriptor values ? enumeration(values) : message((Descriptor) type, Set.of());
    }

    /** Returns the schema of a message without some of its fields. */
    JsonObject message(Descriptor message, Set<FieldDescriptor> without) {
        JsonObject properties = new JsonObject();
        List<String> required = new ArrayList<>();
        for (FieldDescriptor field : message.getFields()) {
            if (!without.contains(field)) {
                properties.add(field.getJsonName(), property(field));
                if (isRequired(field)) {
                    required.add(field.getJsonName());
                }
            }
        }
        JsonObject schema = Json.object("type", "object");
        Json.addText(schema, "description", description(message, without));
        if (!required.isEmpty()) {
            schema.add("required", Json.array(required.stream().distinct().toList()));
        }
        schema.add("properties", properties);
        markDeprecated(schema, message.getOptions().getDeprecated());
        return schema;
    }

    private JsonObject property(FieldDescriptor field) {
        JsonObject schema = fields.of(field);
        Json.addText(schema, "description", comments.of(field));
        markDeprecated(schema, field.getOptions().getDeprecated());
        if (has(field, FieldBehavior.OUTPUT_ONLY)) {
            schema.addProperty("readOnly", true);
        }
        if (has(field, FieldBehavior.INPUT_ONLY)) {
            schema.addProperty("writeOnly", true);
        }
        return schema;
    }

    private String description(Descriptor message, Set<FieldDescriptor> without) {
        List<String> sentences = new ArrayList<>();
        sentences.add(comments.of(message));
        for (OneofDescriptor oneof : message.getRealOneofs()) {
            List<String> choices = oneof.getFields().stream()
                    .filter(field -> !without.contains(field))
                    .map(field -> "`" + field.getJsonName() + "`")
                    .toList();
            if (choices.size() > 1) {
                sentences.add("At most one of " + String.join(", ", choices) + ".");
            }
        }
        return sentences.stream().filter(some -> !some.isEmpty()).collect(Collectors.joining("\n\n"));
    }

    private JsonObject enumeration(EnumDescriptor type) {
        List<EnumValueDescriptor> values = type.getValues();
        JsonObject schema = Json.object(
                "type",
                "string",
                "enum",
                Json.array(values.stream()
                        .map(EnumValueDescriptor::getName)
                        .distinct()
                        .toList()));
        String described = values.stream()
                .filter(value -> !comments.of(value).isEmpty())
                .map(value ->
                        "- `" + value.getName() + "`: " + comments.of(value).replace("\n", "\n  "))
                .collect(Collectors.joining("\n"));
        String comment = comments.of(type);
        Json.addText(
                schema,
                "description",
                comment.isEmpty() || described.isEmpty() ? comment + described : comment + "\n\n" + described);
        markDeprecated(schema, type.getOptions().getDeprecated());
        return schema;
    }

    static void markDeprecated(JsonObject described, boolean deprecated) {
        if (deprecated) {
            described.addProperty("deprecated", true);
        }
    }

    static boolean isRequired(FieldDescriptor field) {
        return field.isRequired() || has(field, FieldBehavior.REQUIRED);
    }

    static boolean has(FieldDescriptor field, FieldBehavior behavior) {
        return field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior).contains(behavior);
    }
}
