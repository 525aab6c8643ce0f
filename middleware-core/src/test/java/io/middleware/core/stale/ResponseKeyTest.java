package io.middleware.core.stale;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.fixture.TestHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseKeyTest {
    @Test
    void samePathHeadersAndMessage_areTheSameQuestion() {
        ResponseKey question = question("/a/B", "Hello", "x: 1");
        assertThat(question("/a/B", "Hello", "x: 1", "not-asked-for: 1"))
                .isEqualTo(question)
                .hasSameHashCodeAs(question)
                .isEqualByComparingTo(question);
    }

    @Test
    void whateverDiffers_isAnotherQuestion() {
        ResponseKey question = question("/a/B", "Hello", "x: 1");
        assertThat(List.of(
                        question("/a/C", "Hello", "x: 1"),
                        question("/a/B", "Hallo", "x: 1"),
                        question("/a/B", "Hello"),
                        question("/a/B", "Hello", "x: 2"),
                        question("/a/B", "Hello", "x: 1", "x: 1"),
                        question("/a/B", "Hello", "y: 1"),
                        question("/a/B", "Hello", "x: "),
                        question("/a/B", "Hello", "x: 1 1:1")))
                .doesNotContain(question)
                .doesNotHaveDuplicates()
                .allSatisfy(other -> assertThat(other.compareTo(question)).isNotZero());
    }

    /** {@code Aa} and {@code BB} have one hash, and so has whatever is made of them. */
    @Test
    void questionsOfOneHash_haveAnOrder() {
        ResponseKey question = question("/a/B", "AaAa");
        ResponseKey other = question("/a/B", "BBBB");
        assertThat(other).hasSameHashCodeAs(question).isNotEqualTo(question);
        assertThat(other.compareTo(question))
                .isEqualTo(-question.compareTo(other))
                .isNotZero();
    }

    private static ResponseKey question(String path, String message, String... headers) {
        return ResponseKey.of(path, TestHeaders.of(headers), List.of("x", "y"), message.getBytes(US_ASCII));
    }
}
