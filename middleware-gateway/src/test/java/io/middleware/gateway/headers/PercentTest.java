package io.middleware.gateway.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {

    @Test
    void octets_becomeUtf8() {
        assertThat(Percent.decode("Ol%C3%A1%20%f0%9f%8c%8d+", false, false)).isEqualTo("Olá 🌍+");
    }

    @Test
    void plus_isASpaceInAQuery() {
        assertThat(Percent.decode("a+b%2B", true, false)).isEqualTo("a b+");
    }

    @Test
    void utf8ThatIsNotEncoded_isTakenAsItIs() {
        String octets = new String("Olá 🌍".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(Percent.decode(octets, true, false)).isEqualTo("Olá 🌍");
        assertThat(Percent.decode(octets + "%20", false, false)).isEqualTo("Olá 🌍 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%4", "%zz", "%C3", "%ff", "\u00e1"})
    void whatIsNoEncodedUtf8_isAnError(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Percent.decode(text, true, false))
                .withMessageStartingWith(text + " (expected: ");
    }

    @Test
    void serversMessage_isTakenAsItStandsWhereItIsNotEncoded() {
        assertThat(Percent.decodeMessage("100%25 n%C3%A3o")).isEqualTo("100% não");
        assertThat(Percent.decodeMessage("100%")).isEqualTo("100%");
        assertThat(Percent.decodeMessage(null)).isEmpty();
    }
}
