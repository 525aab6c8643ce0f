package io.middleware.chaos.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveLineTest {

    @Test
    void lineThatFits_isLeftAsItIs() {
        assertThat(LiveLine.fit("412 calls", 10)).isEqualTo("412 calls");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 9})
    void lineThatWouldGoOnInASecondOne_isCut(int columns) {
        assertThat(LiveLine.fit("412 calls", columns)).hasSize(columns - 1).endsWith("…");
    }
}
