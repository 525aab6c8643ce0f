package io.middleware.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepListTest {
    private final StepList steps = new StepList(10);

    @Test
    void longRowOfLooks_keepsTheFirstAndTheLast() {
        steps.add(step(0));
        LongStream.rangeClosed(1, 1_000).forEach(at -> steps.addLook(step(at)));
        steps.add(step(1_001));
        steps.addLook(step(1_002));

        assertThat(steps.steps()).extracting(Step::at).containsExactly(0L, 1L, 2L, 999L, 1_000L, 1_001L, 1_002L);
        assertThat(steps.omitted()).isZero();
    }

    @Test
    void fullList_takesOnlyWhatMustNotBeMissing() {
        LongStream.range(0, 20).forEach(at -> steps.add(step(at)));
        steps.addAlways(step(20));

        assertThat(steps.steps()).hasSize(11);
        assertThat(steps.steps().getLast().at()).isEqualTo(20);
        assertThat(steps.omitted()).isEqualTo(10);
    }

    private static Step step(long at) {
        return new Step.BackedOff(at, 1);
    }
}
