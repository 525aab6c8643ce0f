package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.middleware.gateway.protojson.WellKnown;
import java.util.Objects;

/** Describes the values of fields, as Protobuf's JSON mapping writes them. */
final class FieldSchemas {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    private final TypeNames types;

    FieldSchemas(TypeNames types) {
        this.types = types;
    }

    /** Returns the schema of a field: one value, a list or a map. */
    JsonObject of(FieldDescriptor field) {
        if (field.isMapField()) {
            FieldDescriptor value =
                    Objects.requireNonNull(field.getMessageType().findFieldByNumber(2));
            return Json.object("type", "object", "additionalProperties", one(value));
        }
        return field.isRepeated() ? Json.object("type", "array", "items", one(field)) : one(field);
    }

    /** Returns the schema of a single value of the field. */
    JsonObject one(FieldDescriptor field) {
        return switch (field.getType()) {
            case BOOL -> Json.object("type", "boolean");
            case STRING -> Json.object("type", "string");
            // "format" is what generators of clients know, "contentEncoding" what JSON Schema does
            case BYTES -> Json.object("type", "string", "format", "byte", "contentEncoding", "base64");
            case INT32, SINT32, SFIXED32 -> Json.object("type", "integer", "format", "int32");
            // generators take what has no format, or an unknown one, for an int32
            case UINT32, FIXED32 ->
                Json.object("type", "integer", "format", "int64", "minimum", 0, "maximum", MAX_UINT32);
            case INT64, SINT64, SFIXED64 -> Json.object("type", "string", "format", "int64");
            case UINT64, FIXED64 -> Json.object("type", "string", "format", "uint64");
            case FLOAT -> Json.object("type", "number", "format", "float");
            case DOUBLE -> Json.object("type", "number", "format", "double");
            case ENUM -> WellKnown.isNull(field) ? Json.object("type", "null") : types.ref(field.getEnumType());
            case MESSAGE, GROUP -> message(field.getMessageType());
        };
    }

    /** Returns the schema of a message: a reference, unless its JSON is no object with its fields. */
    JsonObject message(Descriptor message) {
        WellKnown known = WellKnown.of(message);
        if (known == null) {
            return types.ref(message);
        }
        return switch (known) {
            case ANY ->
                Json.object(
                        "type",
                        "object",
                        "description",
                        "A message of any type, with its full name after `type.googleapis.com/` in `@type`; "
                                + "empty if it holds none",
                        "properties",
                        Json.object("@type", Json.object("type", "string")),
                        "additionalProperties",
                        true);
            case DURATION ->
                Json.object(
                        "type",
                        "string",
                        "description",
                        "Seconds, such as `1.5s`",
                        "pattern",
                        "^-?[0-9]+(\\.[0-9]+)?s$",
                        "examples",
                        Json.array("1.5s"));
            case FIELD_MASK ->
                Json.object("type", "string", "description", "Paths of fields, such as `title,author.firstName`");
            case LIST_VALUE -> Json.object("type", "array", "items", new JsonObject());
            case STRUCT -> Json.object("type", "object", "additionalProperties", true);
            case TIMESTAMP -> Json.object("type", "string", "format", "date-time");
            case VALUE -> Json.object("description", "Any JSON value");
            case WRAPPER -> nullable(one(Objects.requireNonNull(message.findFieldByNumber(1))));
        };
    }

    private static JsonObject nullable(JsonObject schema) {
        schema.add("type", Json.array(schema.get("type"), "null"));
        return schema;
    }
}
