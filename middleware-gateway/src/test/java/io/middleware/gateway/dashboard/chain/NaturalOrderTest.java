package io.middleware.gateway.dashboard.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
    @Test
    void numbersAreOrderedByValue_ofAnyLength_withZerosBefore() {
        assertThat(Stream.of("a-10", "a-100000000000000000000", "a-9", "b-1", "a-009b", "a-0", "a-00012", "a-11")
                        .sorted(NaturalOrder::compare))
                .containsExactly("a-0", "a-9", "a-009b", "a-10", "a-11", "a-00012", "a-100000000000000000000", "b-1");
    }
}
