package io.middleware.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedPeersTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost", "LOCALHOST"})
    void thisMachine_isTrusted(String host) {
        assertThat(TrustedPeers.of(List.of()).has(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "2001:db8::7", "gateway-1", "127.0.0.1.example.org", "", "127.0.0.1@x"})
    void othersAreNot(String host) {
        assertThat(TrustedPeers.of(List.of()).has(host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7,      203.0.113.7,        true",
        "203.0.113.7,      203.0.113.8,        false",
        "203.0.113.0/24,   203.0.113.255,      true",
        "203.0.113.0/24,   203.0.114.0,        false",
        "203.0.113.128/25, 203.0.113.127,      false",
        "203.0.113.128/25, 203.0.113.129,      true",
        "0.0.0.0/0,        203.0.113.1,        true",
        "0.0.0.0/0,        2001:db8::1,        false",
        "2001:db8::/32,    2001:db8:1::1,      true",
        "2001:db8::/32,    2001:db9::1,        false",
        "203.0.113.0/24,   ::ffff:203.0.113.9, true",
        "gateway.example,  Gateway.Example,    true",
        "gateway.example,  a.gateway.example,  false",
        "gateway.example,  203.0.113.1,        false"
    })
    void listedOnes_are(String listed, String host, boolean trusted) {
        assertThat(TrustedPeers.of(List.of(" ", listed)).has(host)).isEqualTo(trusted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.0/33",
                "203.0.113.0/-1",
                "203.0.113.0/x",
                "gateway/24",
                "2001:db8::/129",
                "a b",
                "-",
                "1.2.3.4.5"
            })
    void whatIsNone_isAnError(String listed) {
        assertThatThrownBy(() -> TrustedPeers.of(List.of(listed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("peers.trusted: " + listed + " (expected: ");
    }

    @Test
    void blanks_areNone() {
        assertThat(new PeerSettings(List.of("", " ")).trusted()).hasSize(2);
    }
}
