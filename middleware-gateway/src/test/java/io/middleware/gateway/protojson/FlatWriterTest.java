package io.middleware.gateway.protojson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.kinds.v1.Color;
import io.middleware.gateway.kinds.v1.Kinds;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written from a message's bytes is the same as what is written from the message. */
class FlatWriterTest {
    private static final FlatFields FIELDS = Objects.requireNonNull(FlatFields.of(Kinds.getDescriptor()));
    private static final long[] NUMBERS = {
        0, 1, -1, 9, 10, 127, 128, 99_999, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static @Nullable String flat(byte[] message, boolean numericEnums) {
        byte[] json = FlatWriter.write(FIELDS, message, numericEnums);
        return json == null ? null : new String(json, UTF_8);
    }

    private static String slow(byte[] message, boolean numericEnums) throws InvalidProtocolBufferException {
        return MessageWriter.write(DynamicMessage.parseFrom(Kinds.getDescriptor(), message), types(), numericEnums);
    }

    private static KnownTypes types() {
        return io.middleware.gateway.schema.Types.of(Kinds.getDescriptor().getFile());
    }

    @Test
    void simpleMessages_areWrittenTheSame() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            byte[] message = simple().toByteArray();
            boolean numericEnums = random.nextBoolean();
            assertThat(flat(message, numericEnums)).as("seed %d", seed).isEqualTo(slow(message, numericEnums));
        }
    }

    /** Changed bytes are written the same, or left to the other. */
    @Test
    void oddBytes_areNeverWrittenOtherwise() throws Exception {
        int written = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] message = simple().toByteArray();
            for (int flips = random.nextInt(3); flips >= 0 && message.length > 0; flips--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            String json = flat(message, false);
            if (json != null) {
                written++;
                assertThat(json).as("seed %d", seed).isEqualTo(slow(message, false));
            }
        }
        assertThat(written).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\\", "\n", "\u0000", "\u00e9", "\u2028"})
    void textThatIsNotPlain_isLeftToTheOther(String text) {
        assertThat(flat(Kinds.newBuilder().setStringValue(text).build().toByteArray(), false))
                .isNull();
    }

    @Test
    void fieldTwice_isLeftToTheOther() {
        byte[] once = Kinds.newBuilder().setInt32Value(1).build().toByteArray();
        byte[] twice = {once[0], once[1], once[0], once[1]};

        assertThat(flat(once, false)).isEqualTo("{\"int32Value\":1}");
        assertThat(flat(twice, false)).isNull();
    }

    private Kinds simple() {
        Kinds.Builder message = Kinds.newBuilder();
        if (random.nextBoolean()) {
            message.setInt32Value((int) number()).setInt64Value(number()).setUint32Value((int) number());
        }
        if (random.nextBoolean()) {
            message.setSint32Value((int) number()).setSint64Value(number()).setFixed32Value((int) number());
        }
        if (random.nextBoolean()) {
            message.setSfixed32Value((int) number()).setSfixed64Value(number()).setBoolValue(random.nextBoolean());
        }
        if (random.nextBoolean()) {
            byte[] bytes = new byte[random.nextInt(5)];
            random.nextBytes(bytes);
            message.setStringValue("x".repeat(random.nextInt(100))).setBytesValue(ByteString.copyFrom(bytes));
        }
        if (random.nextBoolean()) {
            message.setColor(Color.forNumber(random.nextInt(2)))
                    .setMaybeInt32((int) number())
                    .setMaybeString("");
        }
        return message.build();
    }

    private long number() {
        return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextLong();
    }
}
