package io.middleware.gateway.ingress.http.route;

import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.middleware.gateway.protojson.FieldMaskText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns texts of paths and queries into JSON values. It takes what libraries write there and JSON does not: booleans in
 * any case or as 0 and 1, enum values in any case or as numbers, field masks with the names of the {@code .proto} file.
 */
final class ParameterText {
    private static final Pattern ENUM_NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private ParameterText() {}

    /** Returns a value; a text that does not fit the field stays as it is, for the reader of the message to refuse. */
    static JsonPrimitive json(FieldDescriptor field, String text) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> bool(text);
            case ENUM -> enumValue(field.getEnumType(), text);
            case MESSAGE -> message(field, text);
            default -> new JsonPrimitive(text);
        };
    }

    private static JsonPrimitive message(FieldDescriptor field, String text) {
        return switch (field.getMessageType().getFullName()) {
            case "google.protobuf.BoolValue" -> bool(text);
            case "google.protobuf.FieldMask" -> new JsonPrimitive(mask(text));
            default -> new JsonPrimitive(text);
        };
    }

    private static JsonPrimitive bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> new JsonPrimitive(true);
            case "false", "0" -> new JsonPrimitive(false);
            default -> new JsonPrimitive(text);
        };
    }

    private static JsonPrimitive enumValue(EnumDescriptor type, String text) {
        if (ENUM_NUMBER.matcher(text).matches()) {
            return new JsonPrimitive(Long.valueOf(text));
        }
        if (type.findValueByName(text) != null) {
            return new JsonPrimitive(text);
        }
        List<String> alike = type.getValues().stream()
                .map(EnumValueDescriptor::getName)
                .filter(text::equalsIgnoreCase)
                .toList();
        return new JsonPrimitive(alike.size() == 1 ? alike.getFirst() : text);
    }

    private static String mask(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(path -> {
                    String camel = path.indexOf('_') < 0 ? null : FieldMaskText.camelCase(path);
                    return camel == null ? path : camel;
                })
                .collect(Collectors.joining(","));
    }
}
