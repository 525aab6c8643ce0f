package io.middleware.gateway.openapi;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.List;

/** Makes JSON. */
final class Json {
    private Json() {}

    /** Returns an object with these members: name, value, name, value. */
    static JsonObject object(Object... members) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < members.length; i += 2) {
            object.add((String) members[i], value(members[i + 1]));
        }
        return object;
    }

    static JsonArray array(Collection<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(one -> array.add(value(one)));
        return array;
    }

    static JsonArray array(Object... values) {
        return array(List.of(values));
    }

    /** Returns a reference to a component. */
    static JsonObject ref(String kind, String name) {
        return object("$ref", "#/components/" + kind + "/" + name);
    }

    /** Adds a text, unless it is empty. */
    static void addText(JsonObject to, String name, String text) {
        if (!text.isEmpty()) {
            to.addProperty(name, text);
        }
    }

    private static JsonElement value(Object value) {
        return switch (value) {
            case JsonElement element -> element;
            case String text -> new JsonPrimitive(text);
            case Boolean truth -> new JsonPrimitive(truth);
            case Number number -> new JsonPrimitive(number);
            default -> throw new IllegalArgumentException(value.getClass() + " (expected: a JSON value)");
        };
    }
}
