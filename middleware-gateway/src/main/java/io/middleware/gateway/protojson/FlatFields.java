package io.middleware.gateway.protojson;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message type that {@link FlatWriter} writes: of one value, which is no message. Prepared once per
 * type; immutable.
 */
public final class FlatFields {
    /** Fields with larger numbers are rare. */
    private static final int MOST = 64;

    /** By number; null where there is none, or none that can be written so. */
    private final @Nullable Field[] fields;

    /** {@code key}: the name of the field in JSON, with quotes and colon; {@code tag}: as it is serialized. */
    record Field(FieldDescriptor descriptor, FieldDescriptor.Type type, byte[] key, int tag, boolean hasPresence) {

        /** Returns the name of an enum's value in quotes; null if it has none, or is written otherwise. */
        byte @Nullable [] nameOf(int number) {
            EnumValueDescriptor value = descriptor.getEnumType().findValueByNumber(number);
            return value == null || WellKnown.isNull(descriptor) ? null : ascii('"' + value.getName() + '"');
        }
    }

    private FlatFields(@Nullable Field[] fields) {
        this.fields = fields;
    }

    /** Returns the fields of a type; null if {@link MessageWriter} must write all of its messages. */
    public static @Nullable FlatFields of(Descriptor type) {
        if (WellKnown.of(type) != null || type.isExtendable()) {
            return null;
        }
        Field[] fields = new Field[MOST];
        boolean any = type.getFields().isEmpty();
        for (FieldDescriptor field : type.getFields()) {
            if (field.isRequired()) {
                return null;
            }
            if (isFlat(field)) {
                fields[field.getNumber()] = flat(field);
                any = true;
            }
        }
        return any ? new FlatFields(fields) : null;
    }

    /** Of two members of a oneof the last one counts, which the order of the fields does not tell. */
    private static boolean isFlat(FieldDescriptor field) {
        return field.getNumber() < MOST
                && !field.isRepeated()
                && field.getJavaType() != JavaType.MESSAGE
                && field.getRealContainingOneof() == null
                && field.getJsonName().chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
    }

    private static Field flat(FieldDescriptor field) {
        return new Field(
                field,
                field.getType(),
                ascii('"' + field.getJsonName() + "\":"),
                field.getNumber() << 3 | wireType(field),
                field.hasPresence());
    }

    private static int wireType(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING, BYTES, MESSAGE, GROUP -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
            case FIXED32, SFIXED32, FLOAT -> WireFormat.WIRETYPE_FIXED32;
            case FIXED64, SFIXED64, DOUBLE -> WireFormat.WIRETYPE_FIXED64;
            default -> WireFormat.WIRETYPE_VARINT;
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the field with this serialized tag; null if there is none. */
    @Nullable
    Field byTag(int tag) {
        int number = tag >>> 3;
        Field field = number < MOST ? fields[number] : null;
        return field != null && field.tag == tag ? field : null;
    }
}
