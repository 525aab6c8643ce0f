package io.middleware.gateway.protojson;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.NullValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that are not messages; {@link ScalarWriter} writes them. Each method returns null for JSON that is not a
 * value of the type.
 */
final class Scalars {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    /** In characters: reading an integer takes time by the square of its digits, and none in range needs so many. */
    private static final int MAX_INTEGER_LENGTH = 400;

    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MAX_DIGITS = 20;

    private Scalars() {}

    /** Returns the value as the field's setter takes it. */
    static @Nullable Object read(FieldDescriptor field, JsonElement value) {
        return switch (field.getType()) {
            case BOOL -> value instanceof JsonPrimitive p && p.isBoolean() ? p.getAsBoolean() : null;
            case STRING -> value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : null;
            case BYTES -> value instanceof JsonPrimitive p && p.isString() ? bytes(p.getAsString()) : null;
            case INT32, SINT32, SFIXED32, UINT32, FIXED32, INT64, SINT64, SFIXED64, UINT64, FIXED64 ->
                integer(field, numeral(value, MAX_INTEGER_LENGTH));
            case FLOAT -> floatingPoint(value, true);
            case DOUBLE -> floatingPoint(value, false);
            case ENUM -> enumeration(field.getEnumType(), value);
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field + " is a message");
        };
    }

    /** Returns a map's key, given the name of a member. */
    static @Nullable Object key(FieldDescriptor field, String name) {
        return switch (field.getJavaType()) {
            case STRING -> name;
            case BOOLEAN -> name.equals("true") ? Boolean.TRUE : name.equals("false") ? Boolean.FALSE : null;
            default -> name.length() <= MAX_DIGITS + 1 && INTEGER.matcher(name).matches() ? integer(field, name) : null;
        };
    }

    /** Returns a finite number. NaN and the infinities are read only from the strings for them. */
    private static @Nullable Number floatingPoint(JsonElement value, boolean single) {
        if (value instanceof JsonPrimitive p && p.isString()) {
            switch (p.getAsString()) {
                case "NaN" -> {
                    return single ? (Number) Float.NaN : (Number) Double.NaN;
                }
                case "Infinity" -> {
                    return single ? (Number) Float.POSITIVE_INFINITY : (Number) Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return single ? (Number) Float.NEGATIVE_INFINITY : (Number) Double.NEGATIVE_INFINITY;
                }
                default -> {} // a finite number, written as a string
            }
        }
        String text = numeral(value, Integer.MAX_VALUE);
        if (text == null) {
            return null;
        }
        if (single) {
            float number = Float.parseFloat(text);
            return Float.isInfinite(number) ? null : (Number) number;
        }
        double number = Double.parseDouble(text);
        return Double.isInfinite(number) ? null : (Number) number;
    }

    /** Returns the text of a number, quoted or not, if it is one by JSON's grammar. */
    private static @Nullable String numeral(JsonElement value, int longest) {
        if (!(value instanceof JsonPrimitive p) || p.isBoolean()) {
            return null;
        }
        String text = p.getAsString();
        return text.length() <= longest && (p.isNumber() || NUMBER.matcher(text).matches()) ? text : null;
    }

    private static @Nullable Object integer(FieldDescriptor field, @Nullable String text) {
        BigInteger number = text == null ? null : integer(text);
        if (number == null) {
            return null;
        }
        return switch (field.getType()) {
            case UINT32, FIXED32 -> number.signum() >= 0 && number.bitLength() <= 32 ? number.intValue() : null;
            case UINT64, FIXED64 ->
                number.signum() >= 0 && number.compareTo(UINT64_MAX) <= 0 ? number.longValue() : null;
            case INT64, SINT64, SFIXED64 -> number.bitLength() < 64 ? number.longValue() : null;
            default -> number.bitLength() < 32 ? number.intValue() : null;
        };
    }

    /**
     * Returns the number if it is integral, as {@code 1e5} and {@code 1.0} are, and not far out of all ranges; null
     * otherwise.
     */
    private static @Nullable BigInteger integer(String text) {
        try {
            if (text.length() < MAX_DIGITS - 1 && INTEGER.matcher(text).matches()) {
                return BigInteger.valueOf(Long.parseLong(text));
            }
            BigDecimal number = new BigDecimal(text);
            if (number.signum() == 0) {
                return BigInteger.ZERO;
            }
            boolean outOfRange = (long) number.precision() - number.scale() > MAX_DIGITS;
            return outOfRange || number.stripTrailingZeros().scale() > 0 ? null : number.toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException noneInRange) {
            return null;
        }
    }

    private static @Nullable ByteString bytes(String text) {
        boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            return ByteString.copyFrom((url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Returns the value with the name or the number. A number without a name is accepted only if the enum is open. */
    private static @Nullable EnumValueDescriptor enumeration(EnumDescriptor type, JsonElement value) {
        if (value.isJsonNull()) {
            return type.getFullName().equals(NullValue.getDescriptor().getFullName())
                    ? type.findValueByNumber(0)
                    : null;
        }
        if (!(value instanceof JsonPrimitive p) || p.isBoolean()) {
            return null;
        }
        if (p.isString()) {
            return type.findValueByName(p.getAsString());
        }
        BigInteger number = p.getAsString().length() <= MAX_INTEGER_LENGTH ? integer(p.getAsString()) : null;
        if (number == null || number.bitLength() >= 32) {
            return null;
        }
        return type.isClosed()
                ? type.findValueByNumber(number.intValue())
                : type.findValueByNumberCreatingIfUnknown(number.intValue());
    }
}
