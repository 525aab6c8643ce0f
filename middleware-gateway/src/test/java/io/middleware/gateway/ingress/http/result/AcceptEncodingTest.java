package io.middleware.gateway.ingress.http.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate, GZIP;q=0.5", "x-gzip", "*", "br, *;q=0.1", "gzip; q=1", ";,gzip"})
    void gzipIsTaken(String value) {
        assertThat(AcceptEncoding.takesGzip(List.of(value))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", ";;", ",", ";q", "gzip;q=0", "gzip;q=0.000, *", "br", "*;q=0", "gzipped"})
    void gzipIsNotTaken(String value) {
        assertThat(AcceptEncoding.takesGzip(List.of(value))).isFalse();
    }

    @Test
    void severalHeaders_countAsOne() {
        assertThat(AcceptEncoding.takesGzip(List.of("br", "gzip"))).isTrue();
        assertThat(AcceptEncoding.takesGzip(List.of())).isFalse();
    }
}
