package io.middleware.core.instance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutcomeCountsTest {
    private final OutcomeCounts counts = new OutcomeCounts();

    @Test
    void differencesAndSums_areThoseOfTheCounts() {
        add("+-+");
        long before = counts.all();
        add("--+--");
        long since = counts.all() - before;
        assertThat(OutcomeCounts.outcomes(since)).isEqualTo(5);
        assertThat(OutcomeCounts.failures(since)).isEqualTo(4);
        assertThat(OutcomeCounts.outcomes(counts.all() + since)).isEqualTo(13);
        assertThat(OutcomeCounts.failures(counts.all() + since)).isEqualTo(9);
    }

    @Test
    void rate_isThatOfTheWindow_andOfTenAtLeast() {
        add("------");
        assertThat(counts.rate()).as("without a window").isZero();
        counts.openWindow(0, 0);
        assertThat(counts.rate()).as("it begins with the last failure").isEqualTo(0.1);
        add("----");
        assertThat(counts.rate()).isEqualTo(0.5);
        add("+++++");
        assertThat(counts.rate()).isEqualTo(0.5);
        add("++++++++++");
        assertThat(counts.rate()).isEqualTo(0.25);
        add("+".repeat(20));
        assertThat(counts.rate()).as("the window is over").isZero();
    }

    private void add(String outcomes) {
        outcomes.chars().forEach(outcome -> counts.add(outcome == '-'));
    }
}
