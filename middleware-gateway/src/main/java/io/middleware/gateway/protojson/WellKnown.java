package io.middleware.gateway.protojson;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The message types whose JSON is not an object with their fields. */
public enum WellKnown {
    ANY,
    DURATION,
    FIELD_MASK,
    LIST_VALUE,
    STRUCT,
    TIMESTAMP,
    VALUE,
    WRAPPER;

    private static final Map<String, WellKnown> BY_NAME = Map.of(
            Any.getDescriptor().getFullName(),
            ANY,
            Duration.getDescriptor().getFullName(),
            DURATION,
            FieldMask.getDescriptor().getFullName(),
            FIELD_MASK,
            ListValue.getDescriptor().getFullName(),
            LIST_VALUE,
            Struct.getDescriptor().getFullName(),
            STRUCT,
            Timestamp.getDescriptor().getFullName(),
            TIMESTAMP,
            Value.getDescriptor().getFullName(),
            VALUE);

    /** The compiled descriptors. A type with the name of one of these but other fields is an ordinary message. */
    private static final Map<String, Descriptor> COMPILED = Stream.of(
                    Any.getDescriptor(),
                    Duration.getDescriptor(),
                    FieldMask.getDescriptor(),
                    ListValue.getDescriptor(),
                    Struct.getDescriptor(),
                    Timestamp.getDescriptor(),
                    Value.getDescriptor(),
                    BoolValue.getDescriptor(),
                    BytesValue.getDescriptor(),
                    DoubleValue.getDescriptor(),
                    FloatValue.getDescriptor(),
                    Int32Value.getDescriptor(),
                    Int64Value.getDescriptor(),
                    StringValue.getDescriptor(),
                    UInt32Value.getDescriptor(),
                    UInt64Value.getDescriptor())
            .collect(Collectors.toUnmodifiableMap(Descriptor::getFullName, Function.identity()));

    /** Returns null for a message whose JSON is an object with its fields. */
    public static @Nullable WellKnown of(Descriptor type) {
        Descriptor compiled = COMPILED.get(type.getFullName());
        return compiled != null && isAlike(compiled, type) ? BY_NAME.getOrDefault(type.getFullName(), WRAPPER) : null;
    }

    /** Whether it has the same fields, as a copy does that came in a file of another name. */
    private static boolean isAlike(Descriptor compiled, Descriptor type) {
        return compiled == type
                || compiled.getFields().size() == type.getFields().size()
                        && compiled.getFields().stream()
                                .allMatch(field -> isAlike(field, type.findFieldByNumber(field.getNumber())));
    }

    private static boolean isAlike(FieldDescriptor compiled, @Nullable FieldDescriptor field) {
        return field != null
                && field.getType() == compiled.getType()
                && field.isRepeated() == compiled.isRepeated()
                && field.isMapField() == compiled.isMapField()
                && (field.getRealContainingOneof() == null) == (compiled.getRealContainingOneof() == null)
                && switch (compiled.getJavaType()) {
                    case MESSAGE ->
                        field.isMapField()
                                ? isAlike(compiled.getMessageType(), field.getMessageType())
                                : field.getMessageType()
                                        .getFullName()
                                        .equals(compiled.getMessageType().getFullName());
                    case ENUM ->
                        field.getEnumType()
                                .getFullName()
                                .equals(compiled.getEnumType().getFullName());
                    default -> true;
                };
    }

    /** Whether JSON's {@code null} is a value of the field. For all others it means "not set". */
    static boolean takesNull(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> of(field.getMessageType()) == VALUE;
            case ENUM -> isNull(field);
            default -> false;
        };
    }

    /**
     * Whether the field is of the type {@code google.protobuf.NullValue}, whose only value is written as {@code null}.
     */
    public static boolean isNull(FieldDescriptor field) {
        return field.getEnumType().getFullName().equals("google.protobuf.NullValue");
    }

    /**
     * Whether the type has no fields. It then has two forms in an Any: with an empty {@code value}, as some write it,
     * and without.
     */
    static boolean isEmpty(Descriptor type) {
        return type.getFullName().equals(Empty.getDescriptor().getFullName());
    }
}
