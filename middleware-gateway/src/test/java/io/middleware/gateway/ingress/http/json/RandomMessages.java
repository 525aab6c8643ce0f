package io.middleware.gateway.ingress.http.json;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Draws messages that have JSON. */
public final class RandomMessages {
    private static final int DEEPEST = 5;
    private static final String[] TEXTS = {
        "", "a", "Olá, 世界 🌍", "\"\\\b\f\n\r\t\u0001\u2028</script>", "null", "NaN", "-1", "@type", "\u0000"
    };
    private static final double[] NUMBERS = {0, -0.0, 1, -1.5, 1e300, 1e-300, Math.PI, Long.MAX_VALUE};

    private final Random random;

    public RandomMessages(Random random) {
        this.random = random;
    }

    public Message draw(Descriptor type) {
        return message(type, 0);
    }

    private Message message(Descriptor type, int depth) {
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" ->
                Timestamp.newBuilder()
                        .setSeconds(random.nextLong(-62_135_596_800L, 253_402_300_800L))
                        .setNanos(nanos())
                        .build();
            case "google.protobuf.Duration" -> duration();
            case "google.protobuf.FieldMask" ->
                random.nextBoolean()
                        ? FieldMask.getDefaultInstance()
                        : FieldMask.newBuilder()
                                .addPaths("a_b.c1")
                                .addPaths("d")
                                .build();
            case "google.protobuf.Struct" -> struct(depth);
            case "google.protobuf.Value" -> value(depth);
            case "google.protobuf.ListValue" ->
                ListValue.newBuilder()
                        .addValues(value(depth))
                        .addValues(value(depth))
                        .build();
            case "google.protobuf.Any" -> any(depth);
            default -> fields(type, depth);
        };
    }

    private Message fields(Descriptor type, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            boolean taken = field.getRealContainingOneof() != null && message.hasOneof(field.getRealContainingOneof());
            if (field.isMapField()) {
                entries(message, field, depth);
            } else if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0 && depth < DEEPEST; i--) {
                    message.addRepeatedField(field, single(field, depth));
                }
            } else if (field.isRequired() && depth < 30
                    || !taken && random.nextBoolean() && (!isMessage || depth < DEEPEST)) {
                message.setField(field, single(field, depth));
            }
        }
        return message.buildPartial();
    }

    private void entries(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        Set<Object> keys = new HashSet<>();
        for (int i = random.nextInt(3); i > 0 && depth < DEEPEST; i--) {
            Object key = single(keyField, depth);
            if (keys.add(key)) {
                message.addRepeatedField(
                        field,
                        DynamicMessage.newBuilder(field.getMessageType())
                                .setField(keyField, key)
                                .setField(valueField, single(valueField, depth))
                                .buildPartial());
            }
        }
    }

    private Object single(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt(4) == 0 ? random.nextInt(-1, 2) : random.nextInt();
            case LONG -> random.nextInt(4) == 0 ? random.nextLong(-1, 2) : random.nextLong();
            case FLOAT -> Float.intBitsToFloat(random.nextInt(3) == 0 ? 0x7f800000 : random.nextInt());
            case DOUBLE -> random.nextInt(3) == 0 ? Double.NaN : NUMBERS[random.nextInt(NUMBERS.length)];
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTE_STRING -> ByteString.copyFrom(text().getBytes(StandardCharsets.UTF_16));
            case ENUM -> enumeration(field.getEnumType());
            case MESSAGE -> message(field.getMessageType(), depth + 1);
        };
    }

    private Object enumeration(EnumDescriptor type) {
        return type.isClosed() || random.nextBoolean()
                ? type.getValues().get(random.nextInt(type.getValues().size()))
                : type.findValueByNumberCreatingIfUnknown(random.nextInt());
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private int nanos() {
        return random.nextInt(1000) * (random.nextBoolean() ? 1_000_000 : 1);
    }

    private Duration duration() {
        int sign = random.nextBoolean() ? 1 : -1;
        return Duration.newBuilder()
                .setSeconds(sign * random.nextLong(315_576_000_001L))
                .setNanos(sign * nanos())
                .build();
    }

    private Struct struct(int depth) {
        Struct.Builder struct = Struct.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            struct.putFields(text(), value(depth));
        }
        return struct.build();
    }

    private Value value(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 6 : 4)) {
            case 0 -> Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
            case 1 ->
                Value.newBuilder()
                        .setNumberValue(NUMBERS[random.nextInt(NUMBERS.length)])
                        .build();
            case 2 -> Value.newBuilder().setStringValue(text()).build();
            case 3 -> Value.newBuilder().setBoolValue(random.nextBoolean()).build();
            case 4 -> Value.newBuilder().setStructValue(struct(depth + 1)).build();
            default ->
                Value.newBuilder()
                        .setListValue(ListValue.newBuilder().addValues(value(depth + 1)))
                        .build();
        };
    }

    private Any any(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 4 : 3)) {
            case 0 -> Any.getDefaultInstance();
            case 1 -> Any.pack(duration());
            case 2 -> Any.pack(Any.pack(Timestamp.getDefaultInstance()));
            default -> Any.pack(value(depth + 1), "example.com");
        };
    }
}
