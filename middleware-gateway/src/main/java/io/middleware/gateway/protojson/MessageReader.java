package io.middleware.gateway.protojson;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message from a JSON value by Protobuf's JSON mapping, strictly: each field has the JSON type of its kind,
 * once, and within its range; {@code null} means "not set". Names of fields are those of the {@code .proto} file or
 * their JSON names, {@code [package.extension]} for extensions.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
public final class MessageReader {
    private final KnownTypes types;
    private final Location at;
    private final WellKnownReader wellKnown;

    private MessageReader(KnownTypes types, Location at) {
        this.types = types;
        this.at = at;
        this.wellKnown = new WellKnownReader(this, types, at);
    }

    /**
     * Returns the message, with all its required fields.
     *
     * @throws UnknownTypeException if the type of an Any in it is not known
     * @throws ProtoJsonException   if the value is not such a message; names the field, its value, and what was
     *                              expected
     */
    public static Message read(JsonElement value, Descriptor type, KnownTypes types) {
        Location at = new Location("the body");
        try {
            return new MessageReader(types, at).complete(value, type);
        } catch (UnknownTypeException one) {
            throw one.with(AnyTypes.unknown(value, types));
        }
    }

    /** Returns the message without checking for required fields, which its parent's check includes. */
    Message part(JsonElement value, Descriptor type) {
        WellKnown form = WellKnown.of(type);
        at.enterMessage();
        Message message = form != null ? wellKnown.read(form, value, type) : fields(value, type, null);
        at.leaveMessage();
        return message;
    }

    Message complete(JsonElement value, Descriptor type) {
        return checked(part(value, type));
    }

    Message checked(Message message) {
        if (!message.isInitialized()) {
            throw new ProtoJsonException(
                    "field " + at.of(message.findInitializationErrors().getFirst())
                            + " is missing (expected: a value, as it is required)");
        }
        return message;
    }

    /** {@code ignored}: the name of a member that is not a field; null for none. */
    Message fields(JsonElement value, Descriptor type, @Nullable String ignored) {
        if (!value.isJsonObject()) {
            throw at.unlike(value, "an object");
        }
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        Set<FieldDescriptor> given = new HashSet<>();
        for (Map.Entry<String, JsonElement> member : value.getAsJsonObject().entrySet()) {
            String name = member.getKey();
            if (!name.equals(ignored)) {
                FieldDescriptor field = field(type, name);
                int before = at.field(name);
                if (!given.add(field)) {
                    throw at.wrong("it is given twice (expected: once, as " + field.getName() + " or as "
                            + field.getJsonName() + ")");
                }
                set(message, field, member.getValue());
                at.back(before);
            }
        }
        return message.buildPartial();
    }

    private FieldDescriptor field(Descriptor type, String name) {
        FieldDescriptor field = FieldNames.find(type, name);
        if (field == null && name.startsWith("[") && name.endsWith("]")) {
            FieldDescriptor extension = types.extension(name.substring(1, name.length() - 1));
            field = extension != null && extension.getContainingType() == type ? extension : null;
        }
        if (field == null) {
            throw new ProtoJsonException("unknown field " + at.of(name) + " in " + type.getFullName() + " (expected: "
                    + FieldNames.names(type) + ")");
        }
        return field;
    }

    private void set(DynamicMessage.Builder message, FieldDescriptor field, JsonElement value) {
        if (value.isJsonNull() && (field.isRepeated() || !WellKnown.takesNull(field))) {
            return;
        }
        OneofDescriptor oneof = field.getRealContainingOneof();
        if (oneof != null && message.hasOneof(oneof)) {
            throw at.wrong(message.getOneofFieldDescriptor(oneof).getJsonName()
                    + " is given too (expected: at most one field of the oneof " + oneof.getName() + ")");
        }
        if (field.isMapField()) {
            entries(message, field, value);
        } else if (field.isRepeated()) {
            elements(message, field, value);
        } else {
            message.setField(field, single(field, value));
        }
    }

    private void elements(DynamicMessage.Builder message, FieldDescriptor field, JsonElement value) {
        if (!(value instanceof JsonArray array)) {
            throw at.unlike(value, "an array");
        }
        for (int i = 0; i < array.size(); i++) {
            int before = at.element(i);
            message.addRepeatedField(field, single(field, array.get(i)));
            at.back(before);
        }
    }

    private void entries(DynamicMessage.Builder message, FieldDescriptor field, JsonElement value) {
        if (!(value instanceof JsonObject object)) {
            throw at.unlike(value, "an object");
        }
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        Set<Object> keys = new HashSet<>();
        at.enterMessage();
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            int before = at.entry(member.getKey());
            Object key = Scalars.key(keyField, member.getKey());
            if (key == null || !keys.add(key)) {
                throw at.wrong(
                        key == null
                                ? "its key (expected: " + FieldNames.expected(keyField) + ")"
                                : "its key is given twice (expected: once)");
            }
            message.addRepeatedField(
                    field,
                    DynamicMessage.newBuilder(field.getMessageType())
                            .setField(keyField, key)
                            .setField(valueField, single(valueField, member.getValue()))
                            .buildPartial());
            at.back(before);
        }
        at.leaveMessage();
    }

    Object single(FieldDescriptor field, JsonElement value) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            return part(value, field.getMessageType());
        }
        Object scalar = Scalars.read(field, value);
        if (scalar == null) {
            throw at.unlike(value, FieldNames.expected(field));
        }
        return scalar;
    }
}
