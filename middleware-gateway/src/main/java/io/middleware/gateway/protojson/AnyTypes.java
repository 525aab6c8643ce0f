package io.middleware.gateway.protojson;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects the unknown types of the Anys in a message, so that they can be looked up together. */
final class AnyTypes {
    /** Enough that few rounds are needed, and few enough that a message of made-up names causes little work. */
    private static final int MAX_NAMES = 16;

    private final KnownTypes types;
    private final Set<String> unknown = new LinkedHashSet<>();

    private AnyTypes(KnownTypes types) {
        this.types = types;
    }

    /** Returns up to {@link #MAX_NAMES} full names. A value that only looks like an Any counts too. */
    static Set<String> unknown(JsonElement value, KnownTypes types) {
        AnyTypes found = new AnyTypes(types);
        found.collect(value);
        return found.unknown;
    }

    /** Returns up to {@link #MAX_NAMES} full names, without those of Anys inside Anys. */
    static Set<String> unknown(Message message, KnownTypes types) {
        AnyTypes found = new AnyTypes(types);
        found.collect(message);
        return found.unknown;
    }

    private void collect(JsonElement value) {
        if (unknown.size() == MAX_NAMES) {
            return;
        }
        if (value instanceof JsonArray array) {
            array.forEach(this::collect);
        } else if (value instanceof JsonObject object) {
            if (object.get("@type") instanceof JsonPrimitive url && url.isString()) {
                add(url.getAsString());
            }
            object.asMap().values().forEach(this::collect);
        }
    }

    private void collect(Message message) {
        if (message.getDescriptorForType()
                .getFullName()
                .equals(Any.getDescriptor().getFullName())) {
            add((String) message.getField(message.getDescriptorForType().findFieldByNumber(Any.TYPE_URL_FIELD_NUMBER)));
            return;
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && unknown.size() < MAX_NAMES) {
                if (value instanceof Iterable<?> several) {
                    several.forEach(one -> collect((Message) one));
                } else {
                    collect((Message) value);
                }
            }
        });
    }

    private void add(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        if (unknown.size() < MAX_NAMES && !name.isEmpty() && !name.equals(url) && types.message(name) == null) {
            unknown.add(name);
        }
    }
}
