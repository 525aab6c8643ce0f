package io.middleware.gateway.ingress.http.route;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.protojson.FieldNames;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A request message as JSON, built from path, query and body. Texts become JSON strings as a rule, which Protobuf's
 * JSON mapping also takes for numbers, times and the like: so one reader checks all of them.
 */
final class RequestTree {
    private static final Set<String> NOT_TEXT = Set.of("an object", "an array");

    private final Descriptor message;
    private final JsonObject root;

    RequestTree(Descriptor message, JsonObject root) {
        this.message = message;
        this.root = root;
    }

    JsonObject json() {
        return root;
    }

    /** Sets a value from the path, which replaces the same field of the body. */
    void variable(String fieldPath, String value) {
        List<FieldDescriptor> path = FieldNames.resolve(message, fieldPath);
        FieldDescriptor last = path.getLast();
        JsonObject parent = parent(path, fieldPath);
        parent.remove(last.getName());
        parent.remove(last.getJsonName());
        put(parent, last, value);
    }

    /** Sets a query parameter. {@code bound}: fields that the path or the body gives. */
    void parameter(String name, String value, Set<List<FieldDescriptor>> bound) {
        try {
            List<FieldDescriptor> path = FieldNames.resolve(message, name);
            checkTakesText(path);
            if (IntStream.rangeClosed(1, path.size()).anyMatch(i -> bound.contains(path.subList(0, i)))) {
                throw new IllegalArgumentException("it is given by the path or the body already");
            }
            FieldDescriptor last = path.getLast();
            JsonObject parent = parent(path, name);
            if (!last.isRepeated() && parent.has(last.getJsonName())) {
                throw new IllegalArgumentException("it is given twice (expected: once)");
            }
            put(parent, last, value);
        } catch (IllegalArgumentException wrong) {
            throw ConnectError.invalidArgument("query parameter " + name + ": " + wrong.getMessage());
        }
    }

    /**
     * @throws IllegalArgumentException if the field that the path leads to cannot be written as text; the message says
     *     so
     */
    static void checkTakesText(List<FieldDescriptor> path) {
        FieldDescriptor last = path.getLast();
        if (last.isMapField()) {
            throw new IllegalArgumentException(
                    "it is a map (expected: a field with a simple value; maps go in a body)");
        }
        if (last.getJavaType() == JavaType.MESSAGE
                && !last.getMessageType().getFullName().equals("google.protobuf.Value")) {
            String expected = FieldNames.expected(last.getMessageType());
            if (NOT_TEXT.contains(expected) || expected.startsWith("an object ")) {
                throw new IllegalArgumentException("it is a message (expected: after a dot one of "
                        + FieldNames.names(last.getMessageType()) + ")");
            }
        }
    }

    private static void put(JsonObject parent, FieldDescriptor field, String value) {
        JsonPrimitive text = ParameterText.json(field, value);
        if (!field.isRepeated()) {
            parent.add(field.getJsonName(), text);
        } else if (parent.get(field.getJsonName()) instanceof JsonArray array) {
            array.add(text);
        } else {
            JsonArray array = new JsonArray();
            array.add(text);
            parent.add(field.getJsonName(), array);
        }
    }

    /** Returns the object that holds the last field of the path, created if missing. */
    private JsonObject parent(List<FieldDescriptor> path, String name) {
        JsonObject at = root;
        for (FieldDescriptor field : path.subList(0, path.size() - 1)) {
            String key = at.has(field.getName()) ? field.getName() : field.getJsonName();
            JsonElement there = at.get(key);
            if (there == null || there.isJsonNull()) {
                there = new JsonObject();
                at.add(key, there);
            }
            if (!there.isJsonObject()) {
                throw ConnectError.invalidArgument("field " + name + ": " + key + " is no object");
            }
            at = there.getAsJsonObject();
        }
        return at;
    }
}
