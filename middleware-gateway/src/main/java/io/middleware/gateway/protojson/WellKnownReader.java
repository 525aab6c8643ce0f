package io.middleware.gateway.protojson;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads messages of the {@link WellKnown} types. */
final class WellKnownReader {
    private static final String TYPE = "@type";
    private static final String VALUE = "value";
    private static final FieldDescriptor NUMBER =
            Value.getDescriptor().findFieldByNumber(Value.NUMBER_VALUE_FIELD_NUMBER);

    private final MessageReader messages;
    private final KnownTypes types;
    private final Location at;

    WellKnownReader(MessageReader messages, KnownTypes types, Location at) {
        this.messages = messages;
        this.types = types;
        this.at = at;
    }

    Message read(WellKnown form, JsonElement value, Descriptor type) {
        return switch (form) {
            case ANY -> any(value);
            case STRUCT -> struct(value);
            case LIST_VALUE -> list(value);
            case VALUE -> value(value);
            case WRAPPER -> {
                FieldDescriptor only = type.findFieldByNumber(1);
                yield DynamicMessage.newBuilder(type)
                        .setField(only, messages.single(only, value))
                        .buildPartial();
            }
            case TIMESTAMP, DURATION, FIELD_MASK -> {
                String text = value instanceof JsonPrimitive primitive && primitive.isString()
                        ? primitive.getAsString()
                        : null;
                Message read = text == null
                        ? null
                        : form == WellKnown.TIMESTAMP
                                ? TimeText.timestamp(text)
                                : form == WellKnown.DURATION ? TimeText.duration(text) : fieldMask(text);
                if (read == null) {
                    throw at.unlike(value, FieldNames.expected(type));
                }
                yield read;
            }
        };
    }

    private static @Nullable FieldMask fieldMask(String text) {
        List<String> paths = FieldMaskText.paths(text);
        return paths == null ? null : FieldMask.newBuilder().addAllPaths(paths).build();
    }

    private Struct struct(JsonElement value) {
        if (!(value instanceof JsonObject object)) {
            throw at.unlike(value, "an object");
        }
        Struct.Builder struct = Struct.newBuilder();
        at.enterMessage();
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            int before = at.field(member.getKey());
            struct.putFields(member.getKey(), nested(member.getValue()));
            at.back(before);
        }
        at.leaveMessage();
        return struct.build();
    }

    private ListValue list(JsonElement value) {
        if (!(value instanceof JsonArray array)) {
            throw at.unlike(value, "an array");
        }
        ListValue.Builder list = ListValue.newBuilder();
        for (int i = 0; i < array.size(); i++) {
            int before = at.element(i);
            list.addValues(nested(array.get(i)));
            at.back(before);
        }
        return list.build();
    }

    private Value nested(JsonElement value) {
        at.enterMessage();
        Value nested = value(value);
        at.leaveMessage();
        return nested;
    }

    private Value value(JsonElement value) {
        Value.Builder made = Value.newBuilder();
        if (value instanceof JsonPrimitive primitive) {
            return primitive.isBoolean()
                    ? made.setBoolValue(primitive.getAsBoolean()).build()
                    : primitive.isString()
                            ? made.setStringValue(primitive.getAsString()).build()
                            : made.setNumberValue((double) messages.single(NUMBER, value))
                                    .build();
        }
        if (value.isJsonNull()) {
            return made.setNullValue(NullValue.NULL_VALUE).build();
        }
        at.enterMessage();
        made = value.isJsonArray() ? made.setListValue(list(value)) : made.setStructValue(struct(value));
        at.leaveMessage();
        return made.build();
    }

    private Any any(JsonElement value) {
        if (!(value instanceof JsonObject object)) {
            throw at.unlike(value, FieldNames.expected(Any.getDescriptor()));
        }
        if (object.isEmpty()) {
            return Any.getDefaultInstance();
        }
        String url = object.get(TYPE) instanceof JsonPrimitive text && text.isString() ? text.getAsString() : "";
        String name = url.substring(url.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.equals(url)) {
            throw at.unlike(value, FieldNames.expected(Any.getDescriptor()));
        }
        Descriptor type = types.message(name);
        if (type == null) {
            throw new UnknownTypeException(
                    at.unlike(value, FieldNames.expected(Any.getDescriptor())).getMessage(), name, types);
        }
        return Any.newBuilder()
                .setTypeUrl(url)
                .setValue(content(object, type).toByteString())
                .build();
    }

    private Message content(JsonObject object, Descriptor type) {
        JsonElement inner = object.get(VALUE);
        if (WellKnown.of(type) == null && !(WellKnown.isEmpty(type) && inner != null)) {
            at.enterMessage();
            Message content = messages.checked(messages.fields(object, type, TYPE));
            at.leaveMessage();
            return content;
        }
        if (inner == null || object.size() != 2) {
            throw at.unlike(
                    object, "\"@type\" and \"value\" alone, as " + type.getFullName() + " has a form of its own");
        }
        int before = at.field(VALUE);
        Message content = messages.complete(inner, type);
        at.back(before);
        return content;
    }
}
