package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArraySplitterTest {
    private final List<String> elements = new ArrayList<>();

    @Test
    void elements_areSplit_howeverTheirBytesArrive() throws IOException {
        String first = "{\"a\": [1, {\"b\": \"}]\\\"{[\"}], \"c\": \"\\\\\"}";
        String second = "{\"long\": \"" + "é".repeat(20_000) + "\"}";
        byte[] list = (" [ " + first + ",\n" + second + ",{} ] \n").getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            elements.clear();
            ArraySplitter splitter = splitter();
            for (int at = 0; at < list.length; ) {
                int next = Math.min(list.length - at, 1 + random.nextInt(round == 0 ? 1 : 50_000));
                splitter.add(ByteBuffer.wrap(list, at, next));
                at += next;
            }
            splitter.end();
            assertThat(elements).containsExactly(first, second, "{}");
        }
    }

    @Test
    void emptyList_hasNoElement() throws IOException {
        ArraySplitter splitter = splitter();
        splitter.add(bytes("[ ]"));
        splitter.end();
        assertThat(elements).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[",
                "[{}",
                "[{\"a\": \"]",
                "[{}]]",
                "[{}] x",
                "[1]",
                "[null]",
                "[\"a\"]",
                "<html>"
            })
    void whatIsNoListOfObjects_isAnError(String body) {
        assertThatThrownBy(() -> {
                    ArraySplitter splitter = splitter();
                    splitter.add(bytes(body));
                    splitter.end();
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a list");
    }

    @Test
    void anyBytes_endOrFail_andNothingElse() {
        Random random = new Random(11);
        String alphabet = "[]{},\"\\ 1a";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder("[");
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                ArraySplitter splitter = splitter();
                splitter.add(bytes(text.toString()));
                splitter.end();
            } catch (IOException expected) {
                assertThat(expected.getMessage()).startsWith("the response is not a list");
            }
        }
    }

    private ArraySplitter splitter() {
        return new ArraySplitter(
                (bytes, from, length) -> elements.add(new String(bytes, from, length, StandardCharsets.UTF_8)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
