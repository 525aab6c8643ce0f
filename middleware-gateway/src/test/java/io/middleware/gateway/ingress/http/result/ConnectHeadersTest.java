package io.middleware.gateway.ingress.http.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectHeadersTest {

    @Test
    void timeout_isInMilliseconds() {
        assertThat(ConnectHeaders.timeout("1500")).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1500));
        assertThat(ConnectHeaders.timeout("0")).isZero();
        assertThat(ConnectHeaders.timeout("9999999999")).isEqualTo(TimeUnit.MILLISECONDS.toNanos(9_999_999_999L));
    }

    @Test
    void noTimeout_isForEver() {
        assertThat(ConnectHeaders.timeout(null)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.5", "1s", "12345678901", "٣"})
    void otherTimeouts_areRefused(String timeout) {
        assertThatThrownBy(() -> ConnectHeaders.timeout(timeout)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.answer().status()).isEqualTo(400);
            assertThat(new String(refusal.answer().body(), StandardCharsets.UTF_8))
                    .contains("Connect-Timeout-Ms: " + timeout + " (expected: milliseconds, at most 10 digits)");
        });
    }
}
