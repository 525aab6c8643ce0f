package io.middleware.gateway.ingress.http;

import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;

/**
 * Finds out which field of a JSON value does not fit a message, and what would: tries each field alone, then goes into it. Only
 * for values that were refused as a whole, where the time does not matter.
 */
final class JsonDiagnosis {
    private static final int LONGEST_QUOTE = 60;

    private final JsonFormat.Parser parser;

    JsonDiagnosis(JsonFormat.Parser parser) {
        this.parser = parser;
    }

    /** For a person. */
    String explain(JsonElement value, Descriptor message) {
        String wrong = wrong("", value, message);
        return wrong != null ? wrong : "the fields contradict each other (expected: at most one field of a oneof)";
    }

    /** Null when nothing is wrong. */
    private String wrong(String path, JsonElement value, Descriptor message) {
        if (!FieldNames.expected(message).equals("an object") || message.getFile().getPackage().equals("google.protobuf")) {
            return unlike(path, value, FieldNames.expected(message));
        }
        if (!value.isJsonObject()) {
            return unlike(path, value, "an object");
        }
        for (Map.Entry<String, JsonElement> member : value.getAsJsonObject().entrySet()) {
            FieldDescriptor field = FieldNames.find(message, member.getKey());
            if (field == null) {
                return "unknown field " + path + member.getKey() + " in " + message.getFullName()
                        + " (expected: " + FieldNames.names(message) + ")";
            }
            if (!fits(message, member.getKey(), member.getValue())) {
                return wrong(path + member.getKey(), member.getKey(), member.getValue(), field);
            }
        }
        return null;
    }

    private String wrong(String path, String name, JsonElement value, FieldDescriptor field) {
        if (field.isMapField()) {
            return wrongMap(path, name, value, field);
        }
        if (!field.isRepeated()) {
            return wrongValue(path, value, field);
        }
        if (!value.isJsonArray()) {
            return unlike(path, value, "an array");
        }
        int at = 0;
        for (JsonElement one : value.getAsJsonArray()) {
            JsonArray alone = new JsonArray();
            alone.add(one);
            if (!fits(field.getContainingType(), name, alone)) {
                return wrongValue(path + "[" + at + "]", one, field);
            }
            at++;
        }
        return unlike(path, value, "an array");
    }

    private String wrongMap(String path, String name, JsonElement value, FieldDescriptor field) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor entryValue = field.getMessageType().findFieldByNumber(2);
        if (value.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
                JsonObject alone = new JsonObject();
                alone.add(entry.getKey(), entry.getValue());
                if (!fits(field.getContainingType(), name, alone)) {
                    return "field " + path + "[" + entry.getKey() + "]: " + quote(entry.getValue())
                            + " (expected: keys that are " + FieldNames.expected(key) + ", values that are "
                            + FieldNames.expected(entryValue) + ")";
                }
            }
        }
        return unlike(path, value, "an object");
    }

    private String wrongValue(String path, JsonElement value, FieldDescriptor field) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            String inside = wrong(path + ".", value, field.getMessageType());
            return inside != null ? inside : unlike(path, value, FieldNames.expected(field));
        }
        return unlike(path, value, FieldNames.expected(field));
    }

    private boolean fits(Descriptor message, String name, JsonElement value) {
        JsonObject alone = new JsonObject();
        alone.add(name, value);
        try {
            parser.merge(alone.toString(), DynamicMessage.newBuilder(message));
            return true;
        } catch (InvalidProtocolBufferException | RuntimeException doesNot) {
            return false;
        }
    }

    private static String unlike(String path, JsonElement value, String expected) {
        String field = path.endsWith(".") ? path.substring(0, path.length() - 1) : path;
        return (field.isEmpty() ? "the body" : "field " + field) + ": " + quote(value) + " (expected: " + expected + ")";
    }

    private static String quote(JsonElement value) {
        String text = value.toString();
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }
}
