package io.middleware.chaos.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void faults_haveAnIdOfTheirOwn() {
        assertThat(Faults.ALL).extracting(Fault::id).doesNotHaveDuplicates();
        assertThat(Faults.ALL)
                .extracting(Fault::number)
                .isSubsetOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
    }
}
