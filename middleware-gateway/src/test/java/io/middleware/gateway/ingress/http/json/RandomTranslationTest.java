package io.middleware.gateway.ingress.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random schemas, messages, JSON and bytes, both ways: what goes in comes out, and what cannot pass is somebody's mistake and never
 * another exception. Another run of the same: {@code -Dseed=}.
 */
class RandomTranslationTest {
    private static final int SCHEMAS = 150;
    private static final int MESSAGES = 20;
    private static final String[] PIECES = {
        "null",
        "true",
        "1e5",
        "-1",
        "\"\"",
        "\"NaN\"",
        "{}",
        "[]",
        "[[]]",
        "{\"@type\":\"x/r.M1\"}",
        "\\ud83d",
        "\"",
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        "0",
        "1e999",
        "\\u0000",
        "fieldB",
        "value",
        "s\"",
        "Z\"",
        "\u00e9",
        "\ufeff"
    };

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int refused;
    private int taken;

    @Test
    void whatGoesIn_comesOut_andNothingElse() throws Exception {
        System.out.println("random translations; the same again: -Dseed=" + seed);
        for (int i = 0; i < SCHEMAS; i++) {
            FileDescriptor file = RandomSchema.draw(random);
            Method method =
                    new Method(file.getServices().getFirst().getMethods().getFirst(), Types.of(file));
            JsonTranslation translation = new JsonTranslation(method.path(), new Transcoder(method));
            RandomMessages messages = new RandomMessages(random);
            for (int j = 0; j < MESSAGES; j++) {
                Message message = messages.draw(method.descriptor().getInputType());
                if (message.isInitialized()) {
                    there(translation, message);
                }
                oddBytes(translation, message.toByteArray());
            }
        }
        // else it is not what it is meant to be
        assertThat(taken).as("taken, seed " + seed).isGreaterThan(100);
        assertThat(refused).as("refused, seed " + seed).isGreaterThan(100);
    }

    private void there(JsonTranslation translation, Message message) throws Exception {
        byte[] json = translation.answer(message.toByteArray()).body();

        assertThat(DynamicMessage.parseFrom(message.getDescriptorForType(), message(translation, json)))
                .as("%s, seed %d", new String(json, StandardCharsets.UTF_8), seed)
                .isEqualTo(DynamicMessage.parseFrom(message.getDescriptorForType(), message.toByteArray()));
        oddJson(translation, json);
    }

    /** Taken, it is a message that is written and read again as the same. */
    private void oddJson(JsonTranslation translation, byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        for (int i = 0; i < 10; i++) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(6));
            byte[] odd = (text.substring(0, from) + PIECES[random.nextInt(PIECES.length)] + text.substring(to))
                    .getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(10) == 0) {
                odd[random.nextInt(odd.length)] ^= (byte) (1 << random.nextInt(8));
            }
            byte[] message = guarded(odd, () -> message(translation, odd));
            if (message != null) {
                byte[] written = translation.answer(message).body();
                assertThat(translation.answer(message(translation, written)).body())
                        .as("seed " + seed)
                        .isEqualTo(written);
            }
        }
    }

    private void oddBytes(JsonTranslation translation, byte[] message) {
        for (int i = 0; i < 10 && message.length > 0; i++) {
            byte[] odd = message.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                odd[random.nextInt(odd.length)] = (byte) random.nextInt();
            }
            byte[] json = guarded(odd, () -> translation.answer(odd).body());
            if (json != null) {
                message(translation, json);
            }
        }
    }

    private interface Work {
        byte[] run();
    }

    /** Null where it is refused. */
    private byte[] guarded(byte[] input, Work work) {
        try {
            byte[] result = work.run();
            taken++;
            return result;
        } catch (ProtoJsonException | Refusal somebodysMistake) {
            refused++;
            return null;
        } catch (RuntimeException | StackOverflowError e) {
            return fail("seed " + seed + ": " + new String(input, StandardCharsets.UTF_8), e);
        }
    }

    private static byte[] message(JsonTranslation translation, byte[] json) {
        ByteBuf frame = translation.message(json);
        return ByteBufUtil.getBytes(frame.skipBytes(5));
    }
}
