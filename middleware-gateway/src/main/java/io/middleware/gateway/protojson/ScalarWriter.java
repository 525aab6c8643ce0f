package io.middleware.gateway.protojson;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;

/** Writes values that are not messages; {@link Scalars} reads them. */
final class ScalarWriter {
    private final StringBuilder out;
    private final boolean numericEnums;

    ScalarWriter(StringBuilder out, boolean numericEnums) {
        this.out = out;
        this.numericEnums = numericEnums;
    }

    void write(FieldDescriptor field, Object value) {
        switch (field.getType()) {
            case STRING -> JsonStrings.append((String) value, out);
            case BYTES -> JsonStrings.append((ByteString) value, out);
            case UINT32, FIXED32 -> out.append(Integer.toUnsignedString((int) value));
            case INT64, SINT64, SFIXED64 -> out.append('"').append((long) value).append('"');
            case UINT64, FIXED64 ->
                out.append('"').append(Long.toUnsignedString((long) value)).append('"');
            case FLOAT -> floatingPoint(Float.isFinite((float) value), value);
            case DOUBLE -> floatingPoint(Double.isFinite((double) value), value);
            case ENUM -> enumeration(field, (EnumValueDescriptor) value);
            case BOOL, INT32, SINT32, SFIXED32 -> out.append(value);
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field + " is a message");
        }
    }

    /** Returns a map's key as the name of a member. */
    static String key(FieldDescriptor field, Object key) {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedString((int) key);
            case UINT64, FIXED64 -> Long.toUnsignedString((long) key);
            default -> key.toString();
        };
    }

    private void floatingPoint(boolean finite, Object value) {
        String quote = finite ? "" : "\"";
        out.append(quote).append(value).append(quote);
    }

    private void enumeration(FieldDescriptor field, EnumValueDescriptor value) {
        if (WellKnown.isNull(field)) {
            out.append("null");
        } else if (numericEnums || value.getIndex() < 0) {
            out.append(value.getNumber());
        } else {
            JsonStrings.append(value.getName(), out);
        }
    }
}
