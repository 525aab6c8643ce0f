package io.middleware.gateway.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {"a, a", "\"a\", a", "' a ', a", "\", \"", "\"\"\", \"", "a\"b, a\"b"})
    void key_isMadeBare(String given, String key) {
        assertThat(IdempotencyKey.bare(given)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"\"", "a b", "\" a\"", "\u00e9", "a\tb", "a\u007f"})
    void others_areNone(String given) {
        assertThat(IdempotencyKey.bare(given)).isNull();
    }

    @Test
    void length_isLimited() {
        assertThat(IdempotencyKey.bare("x".repeat(255))).hasSize(255);
        assertThat(IdempotencyKey.bare("x".repeat(256))).isNull();
        assertThat(IdempotencyKey.bare("\"" + "x".repeat(255) + "\"")).hasSize(255);
    }

    @Test
    void several_areNone_andStay() {
        Http2Headers headers =
                new DefaultHttp2Headers().add("idempotency-key", "\"a\"").add("idempotency-key", "b");
        assertThat(IdempotencyKey.normalize(headers)).isFalse();
        assertThat(headers.getAll("idempotency-key"))
                .map(CharSequence::toString)
                .containsExactly("\"a\"", "b");
    }

    @Test
    void anything_isAKeyThatStaysTheSame_orNone() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String given = random.ints(random.nextInt(8), 0, 128)
                    .mapToObj(c -> random.nextInt(4) == 0 ? "\"" : Character.toString(c))
                    .reduce("", String::concat);
            String key = IdempotencyKey.bare(given);
            if (key != null) {
                assertThat(key).as("-Dseed=%d", seed).isNotEmpty().doesNotContain(" ");
                assertThat(given).contains(key);
            }
        }
    }
}
