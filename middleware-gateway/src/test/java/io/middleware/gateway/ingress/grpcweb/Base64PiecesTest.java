package io.middleware.gateway.ingress.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64PiecesTest {
    @Test
    void pieces_ofAnySizeAndCutAnywhere() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            StringBuilder text = new StringBuilder();
            for (int piece = random.nextInt(5); piece >= 0; piece--) {
                byte[] bytes = new byte[random.nextInt(9)];
                random.nextBytes(bytes);
                expected.writeBytes(bytes);
                text.append(Base64.getEncoder().encodeToString(bytes));
            }
            assertThat(decode(text.toString(), random)).isEqualTo(expected.toByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "QQ", "QUI", "QUJD", "QUJDRA"})
    void padding_mayBeMissingAtTheEnd(String text) {
        assertThat(decode(text, new Random(1))).isEqualTo(Base64.getDecoder().decode(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q", "Q=", "=", "QQ=", "QQ=Q", "QU=I", "QUJD=", "Q Q=", "QUI-", "QUJ\n", "QUI\u00e9"})
    void otherText_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decode(text, new Random(1)))
                .withMessageContaining("expected");
    }

    private static byte[] decode(String text, Random random) {
        Base64Pieces pieces = new Base64Pieces();
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0, size; at < bytes.length; at += size) {
            size = Math.min(bytes.length - at, 1 + random.nextInt(6));
            decoded.writeBytes(ByteBufUtil.getBytes(pieces.decode(Unpooled.wrappedBuffer(bytes, at, size), false)));
        }
        decoded.writeBytes(ByteBufUtil.getBytes(pieces.decode(Unpooled.EMPTY_BUFFER, true)));
        return decoded.toByteArray();
    }
}
