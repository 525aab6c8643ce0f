package io.middleware.gateway.protojson;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a message as JSON by Protobuf's JSON mapping, without spaces. Fields that have their default value are left
 * out.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
public final class MessageWriter {
    private final StringBuilder out = new StringBuilder();
    private final Location at;
    private final WellKnownWriter wellKnown;
    private final ScalarWriter scalars;

    private MessageWriter(KnownTypes types, boolean numericEnums) {
        this.scalars = new ScalarWriter(out, numericEnums);
        this.at = new Location("it");
        this.wellKnown = new WellKnownWriter(this, types, out, at);
    }

    /**
     * Returns the message as JSON.
     *
     * @throws UnknownTypeException if the type of an Any in it is not known
     * @throws ProtoJsonException   if it has no JSON; names the field and the reason
     */
    public static String write(Message message, KnownTypes types) {
        return write(message, types, false);
    }

    /** Returns the message as JSON; {@code numericEnums}: with enums as numbers instead of names. */
    public static String write(Message message, KnownTypes types, boolean numericEnums) {
        MessageWriter writer = new MessageWriter(types, numericEnums);
        try {
            writer.message(message);
        } catch (UnknownTypeException one) {
            throw one.with(AnyTypes.unknown(message, types));
        }
        return writer.out.toString();
    }

    /**
     * Returns one field of the message as JSON, even if it has its default value; null for a message that is not set.
     * Throws the same exceptions.
     */
    public static String write(Message message, FieldDescriptor field, KnownTypes types, boolean numericEnums) {
        if (!field.isRepeated() && field.getJavaType() == JavaType.MESSAGE && !message.hasField(field)) {
            return "null";
        }
        MessageWriter writer = new MessageWriter(types, numericEnums);
        writer.at.field(field.getName());
        try {
            writer.field(message, field);
        } catch (UnknownTypeException one) {
            throw one.with(AnyTypes.unknown(message, types));
        }
        return writer.out.toString();
    }

    void message(Message message) {
        at.enterMessage();
        WellKnown form = WellKnown.of(message.getDescriptorForType());
        if (form != null) {
            wellKnown.write(form, message);
        } else {
            out.append('{');
            fields(message, false);
            out.append('}');
        }
        at.leaveMessage();
    }

    /** {@code others}: whether other members come before these. */
    void fields(Message message, boolean others) {
        boolean comma = others;
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            boolean present = field.isMapField()
                    ? isAnyKnown(field, (List<?>) entry.getValue())
                    : field.isRepeated() || field.hasPresence() || !isDefault(field, entry.getValue());
            if (present) {
                int before = at.field(field.getName());
                out.append(comma ? "," : "");
                JsonStrings.append(field.isExtension() ? "[" + field.getFullName() + "]" : field.getJsonName(), out);
                out.append(':');
                value(field, entry.getValue());
                at.back(before);
                comma = true;
            }
        }
    }

    /** Whether the field has its default value: a parser keeps one that was sent. */
    private static boolean isDefault(FieldDescriptor field, Object value) {
        return field.getJavaType() == JavaType.ENUM
                ? ((EnumValueDescriptor) value).getNumber() == 0
                : field.getJavaType() != JavaType.MESSAGE && value.equals(field.getDefaultValue());
    }

    void field(Message message, FieldDescriptor field) {
        value(field, message.getField(field));
    }

    private void value(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            entries(field, (List<?>) value);
        } else if (field.isRepeated()) {
            out.append('[');
            int index = 0;
            for (Object element : (List<?>) value) {
                int before = at.element(index);
                out.append(index++ == 0 ? "" : ",");
                single(field, element);
                at.back(before);
            }
            out.append(']');
        } else {
            single(field, value);
        }
    }

    private static boolean isAnyKnown(FieldDescriptor map, List<?> entries) {
        FieldDescriptor valueField = map.getMessageType().findFieldByNumber(2);
        for (Object entry : entries) {
            if (isKnown((Message) entry, valueField)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the entry has a known value. If a closed enum lacks it, it is an unknown field of the message, and not
     * the default value.
     */
    private static boolean isKnown(Message entry, FieldDescriptor valueField) {
        return valueField.getJavaType() != JavaType.ENUM
                || !valueField.getEnumType().isClosed()
                || !entry.getUnknownFields().hasField(valueField.getNumber());
    }

    /** Writes a map. If two entries have the same key, the later one counts. */
    private void entries(FieldDescriptor field, List<?> entries) {
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        Map<String, Object> values = LinkedHashMap.newLinkedHashMap(entries.size());
        for (Object element : entries) {
            Message entry = (Message) element;
            if (isKnown(entry, valueField)) {
                values.put(ScalarWriter.key(keyField, entry.getField(keyField)), entry.getField(valueField));
            }
        }
        at.enterMessage();
        out.append('{');
        String comma = "";
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            int before = at.entry(entry.getKey());
            out.append(comma);
            JsonStrings.append(entry.getKey(), out);
            out.append(':');
            single(valueField, entry.getValue());
            at.back(before);
            comma = ",";
        }
        out.append('}');
        at.leaveMessage();
    }

    void single(FieldDescriptor field, Object value) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            message((Message) value);
        } else {
            scalars.write(field, value);
        }
    }
}
