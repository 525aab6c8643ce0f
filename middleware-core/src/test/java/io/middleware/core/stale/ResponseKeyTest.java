package io.middleware.core.stale;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.fixture.TestHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseKeyTest {
    @Test
    void samePathHeadersAndMessage_makeTheSameKey() {
        ResponseKey key = key("/a/B", "Hello", "x: 1");
        assertThat(key("/a/B", "Hello", "x: 1", "not-asked-for: 1"))
                .isEqualTo(key)
                .hasSameHashCodeAs(key)
                .isEqualByComparingTo(key);
    }

    @Test
    void anyDifference_makesAnotherKey() {
        ResponseKey key = key("/a/B", "Hello", "x: 1");
        assertThat(List.of(
                        key("/a/C", "Hello", "x: 1"),
                        key("/a/B", "Hallo", "x: 1"),
                        key("/a/B", "Hello"),
                        key("/a/B", "Hello", "x: 2"),
                        key("/a/B", "Hello", "x: 1", "x: 1"),
                        key("/a/B", "Hello", "y: 1"),
                        key("/a/B", "Hello", "x: "),
                        key("/a/B", "Hello", "x: 1 1:1")))
                .doesNotContain(key)
                .doesNotHaveDuplicates()
                .allSatisfy(other -> assertThat(other.compareTo(key)).isNotZero());
    }

    /** {@code Aa} and {@code BB} have one hash, and so have strings made of them. */
    @Test
    void keysWithOneHash_haveAnOrder() {
        ResponseKey key = key("/a/B", "AaAa");
        ResponseKey other = key("/a/B", "BBBB");
        assertThat(other).hasSameHashCodeAs(key).isNotEqualTo(key);
        assertThat(Integer.signum(other.compareTo(key)))
                .isEqualTo(-Integer.signum(key.compareTo(other)))
                .isNotZero();
    }

    private static ResponseKey key(String path, String message, String... headers) {
        return ResponseKey.of(path, TestHeaders.of(headers), List.of("x", "y"), message.getBytes(US_ASCII));
    }
}
