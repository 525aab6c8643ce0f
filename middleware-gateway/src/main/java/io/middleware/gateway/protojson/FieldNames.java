package io.middleware.gateway.protojson;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds fields by the names that callers use, and describes their values for people. */
public final class FieldNames {
    private static final int MAX_NAMES = 20;

    private FieldNames() {}

    /** Returns the field with this name in the {@code .proto} file or in JSON; null if there is none. */
    public static @Nullable FieldDescriptor find(Descriptor message, String name) {
        FieldDescriptor field = message.findFieldByName(name);
        if (field != null) {
            return field;
        }
        FieldDescriptor usual = message.findFieldByName(snakeCase(name));
        if (usual != null && usual.getJsonName().equals(name)) {
            return usual;
        }
        for (FieldDescriptor candidate : message.getFields()) {
            if (candidate.getJsonName().equals(name)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * Returns the name that JSON's name is usually made from. It avoids a search through all fields of a large message
     * for each field.
     */
    private static String snakeCase(String name) {
        StringBuilder snake = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c - 'A' + 'a'));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    /**
     * Returns the fields along {@code path}, whose names are separated by dots.
     *
     * @throws IllegalArgumentException if there is no such path; the message names the first wrong step
     */
    public static List<FieldDescriptor> resolve(Descriptor message, String path) {
        List<FieldDescriptor> fields = new ArrayList<>();
        @Nullable Descriptor at = message;
        for (String name : path.split("\\.", -1)) {
            FieldDescriptor field = at == null ? null : find(at, name);
            if (field == null) {
                throw new IllegalArgumentException(
                        at == null
                                ? path + ": " + fields.getLast().getName() + " has no fields"
                                : "no field " + name + " in " + at.getFullName() + " (expected: " + names(at) + ")");
            }
            if (!fields.isEmpty() && fields.getLast().isRepeated()) {
                throw new IllegalArgumentException(
                        path + ": " + fields.getLast().getName() + " is repeated");
            }
            fields.add(field);
            at = field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : null;
        }
        return fields;
    }

    public static String names(Descriptor message) {
        return message.getFields().isEmpty()
                ? "no fields"
                : some(message.getFields().stream()
                        .map(FieldDescriptor::getJsonName)
                        .toList());
    }

    /** Describes a single value of the field, for a person. */
    public static String expected(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> "true or false";
            case BYTE_STRING -> "base64";
            case STRING -> "a string";
            case INT, LONG, FLOAT, DOUBLE -> field.getType().name().toLowerCase(Locale.ROOT);
            case ENUM ->
                "one of "
                        + some(field.getEnumType().getValues().stream()
                                .map(EnumValueDescriptor::getName)
                                .toList());
            case MESSAGE -> expected(field.getMessageType());
        };
    }

    public static String expected(Descriptor message) {
        return switch (message.getFullName()) {
            case "google.protobuf.Timestamp" -> "a time like \"2026-01-31T12:00:00Z\"";
            case "google.protobuf.Duration" -> "a duration in seconds like \"1.5s\"";
            case "google.protobuf.FieldMask" -> "field paths like \"title,author.firstName\"";
            case "google.protobuf.Any" -> "an object with \"@type\" of a known message";
            case "google.protobuf.ListValue" -> "an array";
            case "google.protobuf.BoolValue",
                    "google.protobuf.StringValue",
                    "google.protobuf.BytesValue",
                    "google.protobuf.Int32Value",
                    "google.protobuf.Int64Value",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.UInt64Value",
                    "google.protobuf.FloatValue",
                    "google.protobuf.DoubleValue" -> expected(message.findFieldByNumber(1));
            default -> "an object";
        };
    }

    private static String some(List<String> names) {
        return names.size() <= MAX_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MAX_NAMES)) + ", ...";
    }
}
