package io.middleware.gateway.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.headers.MetadataRules.Verdict;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "x-city", "a.b_c-9", "te", "grpc-timeout", "-bin-"})
    void names_ofMetadata_pass(String name) {
        assertVerdict(Verdict.PASS, name, "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x!y", "x~y", "x'y", "x`", "a+b", "a|b", "#", "$", "%", "&", "*", "^", "http2-settings"})
    void names_thatOnlyHttpHas_areDropped(String name) {
        assertVerdict(Verdict.DROP, name, "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X-City",
                "x city",
                "x\ty",
                "x\u0000y",
                "x\r\ny",
                "ü",
                "x:y",
                "x/y",
                "x(y)",
                "x,y",
                "x=y",
                "\"x\"",
                "x\u007f",
                "connection",
                "keep-alive",
                "proxy-connection",
                "transfer-encoding",
                "upgrade"
            })
    void names_thatHttp2ForbidsOrHasNot_areMalformed(String name) {
        assertVerdict(Verdict.MALFORMED, name, "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a b", "!~", "a,b;c=\"d\""})
    void values_ofPrintableAscii_pass(String value) {
        assertVerdict(Verdict.PASS, "x-city", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orl\u00c3\u00a9ans", "Orl\u00e9ans", "a\tb", "\u00ff"})
    void values_thatOnlyHttpHas_areDropped(String value) {
        assertVerdict(Verdict.DROP, "x-city", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\u0000b", "\u001f", "a\u007f"})
    void values_withControlCharacters_areMalformed(String value) {
        assertVerdict(Verdict.MALFORMED, "x-city", value);
        assertVerdict(Verdict.MALFORMED, "x-city-bin", value);
    }

    @Test
    void valueOfManyByteCharacters_isDroppedOrMalformed_inAString() {
        assertThat(MetadataRules.judge("x-city", "Łódź")).isEqualTo(Verdict.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {" x", "x ", " "})
    void spacesAround_areTakenAway(String value) {
        assertVerdict(Verdict.REPAIR, "x-city", value);
        assertThat(MetadataRules.repaired("x-city", value)).containsExactly(value.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "x-api-key"})
    void credentialThatGrpcDoesNotAllow_becomesAnEmptyOne_whichIsWrong(String name) {
        assertVerdict(Verdict.REPAIR, name, "s\u00e9cret");
        assertThat(MetadataRules.repaired(name, "s\u00e9cret")).containsExactly("");
        assertThat(MetadataRules.repaired(name, " secret ")).containsExactly("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "YQ", "YQ==", "YWI", "YWI=", "YWJj", "+/8", "AAAA"})
    void base64_passes(String value) {
        assertVerdict(Verdict.PASS, "x-data-bin", value);
    }

    @ParameterizedTest
    @CsvSource({
        "'YQ==,Yg==', YQ Yg",
        "'YQ, Yg', YQ Yg",
        "-_8, +/8",
        "YQ=, YQ",
        "' YQ ', YQ",
        "'YQ,,Yg', YQ  Yg",
        "'-_8=,YQ', +/8 YQ"
    })
    void base64_ofOtherForms_isRepaired(String value, String repaired) {
        assertVerdict(Verdict.REPAIR, "x-data-bin", value);
        assertThat(MetadataRules.repaired("x-data-bin", value)).containsExactly(repaired.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "***",
                "@@@",
                "not base64 !",
                "Y",
                "YQ===",
                "=",
                "=YQ",
                "Y=Q",
                "YW Jj",
                "YQ==YQ==",
                "YR",
                "YWJ",
                "YQ;Yg",
                "YQ\u00e9",
                "YQ,*",
                "YWJjZ"
            })
    void whatIsNoBase64_cannotBeRepaired(String value) {
        assertVerdict(Verdict.REPAIR, "x-data-bin", value);
        assertThat(MetadataRules.repaired("x-data-bin", value)).isNull();
    }

    @Test
    void explanation_namesTheHeader() {
        assertThat(List.of(
                        MetadataRules.explain("X-Up", "a"),
                        MetadataRules.explain("upgrade", "h2c"),
                        MetadataRules.explain("x", "a\rb")))
                .containsExactly(
                        "header \"X-Up\" (expected: a name of 0-9 a-z _ - .)",
                        "header upgrade (expected: none that concerns a connection)",
                        "header x with a control character in its value (expected: printable ASCII)");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "example.com:8080, true",
        "[::1]:50061, true",
        "a_b, true",
        "'', false",
        "a b, false",
        "user@host, false",
        "host/x, false",
        "h\u00f6st, false"
    })
    void authority_isAHostAndPerhapsAPort(String authority, boolean is) {
        assertThat(MetadataRules.isAuthority(authority)).isEqualTo(is);
    }

    @ParameterizedTest
    @CsvSource({"/a.B/C, true", "/, true", "'', false", "a.B/C, false", "*, false", "/a b, false", "/\u00e9, false"})
    void path_beginsWithASlash(String path, boolean is) {
        assertThat(MetadataRules.isPath(path)).isEqualTo(is);
    }

    /** In both forms in which headers come: by HTTP/2 and by HTTP/1. */
    private static void assertVerdict(Verdict expected, String name, String value) {
        assertThat(MetadataRules.judge(name, value)).isEqualTo(expected);
        assertThat(MetadataRules.judge(octets(name), octets(value))).isEqualTo(expected);
    }

    /** Inside of a larger array, as Netty may keep it. */
    private static AsciiString octets(String text) {
        byte[] padded = ("\u00ff" + text + "\u00ff").getBytes(StandardCharsets.ISO_8859_1);
        return new AsciiString(padded, 1, text.length(), false);
    }
}
