package io.middleware.gateway.protojson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a: 1}",
                "{'a': 1}",
                "{\"a\": 1,}",
                "{\"a\": 1 , }",
                "[1, 2,]",
                "[1,,2]",
                "{\"a\": 1 \"b\": 2}",
                "{null: 1}",
                "{1: 2}",
                "{\"a\" 1}",
                "{\"a\"=1}",
                "[1;2]",
                "{\"a\": NaN}",
                "[Infinity]",
                "[-Infinity]",
                "[True]",
                "[FALSE]",
                "[Null]",
                "[nul]",
                "[FOO]",
                "[01]",
                "[-01]",
                "[+1]",
                "[.5]",
                "[1.]",
                "[1e]",
                "[0x1]",
                "[1_000]",
                "[--1]",
                "[\"\\U8C37\"]",
                "[\"\\uXXXX\"]",
                "[\"\\u8C3\"]",
                "[\"\\x41\"]",
                "[\"\\'\"]",
                "[\"a\tb\"]",
                "[\"a\nb\"]",
                "[\"\u0000\"]",
                "// a\n{}",
                "/* a */ {}",
                "# a\n{}",
                "{} {}",
                "{}x",
                "1 2",
                "]",
                "}",
                ")]}'\n{}",
                "\u00a0{}"
            })
    void textThatIsNoJson_isRefused(String text) {
        assertThatThrownBy(() -> JsonText.parse(text))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageMatching(
                        "the body is (not JSON|cut short) at line \\d column \\d+ \\(expected: one JSON value\\)"
                                + "|the body is not JSON \\(expected: one JSON value\\)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "{\"a\"", "{\"a\":", "\"abc\\", "\"abc"})
    void textThatEndsTooEarly_isRefused(String text) {
        assertThatThrownBy(() -> JsonText.parse(text))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageContaining("expected: one JSON value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"b\":1,\"b\":2}}     | field a.b is given twice (expected: once)",
                "{\"a\":[{\"b\":1,\"\\u0062\":2}]} | field a[0].b is given twice (expected: once)",
                "{\"a\":\"x \\ud83d\"}         | field a: half of a surrogate pair (expected: whole characters)",
                "{\"a\":[1,\"\\udc00\"]}       | field a[1]: half of a surrogate pair (expected: whole characters)",
                "{\"a\":\"\\ude00\\ud83d\"}    | field a: half of a surrogate pair (expected: whole characters)",
                "{\"a\":\"\\ud83dx\"}          | field a: half of a surrogate pair (expected: whole characters)",
                "{\"a\":\"\\ud83d\\ud83d\\ude00\"} | field a: half of a surrogate pair (expected: whole characters)",
                "\"\\ud83d\"                   | the body: half of a surrogate pair (expected: whole characters)"
            })
    void valueThatIsNotWhole_isRefusedWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> JsonText.parse(text))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessage(message);
    }

    @Test
    void nameThatIsNotWhole_isRefused() {
        assertThatThrownBy(() -> JsonText.parse("{\"mess\\ud83dage\":1}"))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageContaining("half of a surrogate pair");
    }

    @Test
    void byteOrderMark_isRefused() {
        assertThatThrownBy(() -> JsonText.parse("\ufeff{}"))
                .hasMessage("the body begins with a byte order mark (expected: JSON in UTF-8 without one)");
    }

    @Test
    void bytesThatAreNotUtf8_areRefused_surrogatesOfThreeBytesIncluded() {
        for (byte[] bytes : new byte[][] {
            {'"', (byte) 0xe1, '"'},
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0xbd, '"'},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xff, (byte) 0xfe, '{', 0, '}', 0}
        }) {
            assertThatThrownBy(() -> JsonText.utf8(bytes))
                    .hasMessage("the body is not valid UTF-8 (expected: JSON in UTF-8)");
        }
    }

    @Test
    void deepNesting_isRefused() {
        assertThatThrownBy(() -> JsonText.parse("[".repeat(100_000)))
                .isInstanceOf(ProtoJsonException.class)
                .hasMessageStartingWith("the body is nested too deep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "-0",
                "1E+2",
                "0.10",
                "\"\"",
                "\"\\ud83d\\ude00\"",
                "\"\\u0000\"",
                " {\n\t\"a\" :\r [ 1 , { } ] } ",
                "{\"a\":1,\"A\":2,\"\":3}",
                "12345678901234567890123456789.5e-7",
                "\"\u007f\u2028\ufeff\""
            })
    void json_isTaken(String text) {
        assertThat(JsonText.parse(text)).isEqualTo(JsonParser.parseString(text));
    }

    @Test
    void numbers_keepTheirDigits() {
        assertThat(JsonText.parse("[9007199254740993, 1.10]").toString()).isEqualTo("[9007199254740993,1.10]");
    }
}
