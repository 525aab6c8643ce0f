package io.middleware.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HedgeBudgetTest {

    private long now;
    private final HedgeBudget budget = new HedgeBudget(() -> now);

    @Test
    void freshBudget_admits() {
        assertThat(budget.admit()).isTrue();
    }

    @Test
    void spentBudget_doesNotAdmit() {
        spend(HedgeBudget.MOST + 1);

        assertThat(budget.admit()).isFalse();
    }

    @Test
    void spentBudget_admitsAgainAfterCalls() {
        spend(HedgeBudget.MOST + 1);

        long refused = IntStream.range(0, 100).filter(call -> !budget.admit()).count();

        assertThat(refused).isBetween(4L, 5L);
    }

    @Test
    void spentBudget_admitsAgainAfterTime() {
        spend(HedgeBudget.MOST + HedgeBudget.PER_SECOND);

        now += Duration.ofMillis(900).toNanos();
        assertThat(budget.admit()).isFalse();
        now += Duration.ofMillis(200).toNanos();
        assertThat(budget.admit()).isTrue();
    }

    @Test
    void idleBudget_doesNotGrowBeyondItsMost() {
        now += Duration.ofHours(1).toNanos();
        budget.admit();
        spend(HedgeBudget.MOST + 1);

        assertThat(budget.admit()).isFalse();
    }

    private void spend(int hedges) {
        IntStream.range(0, hedges).forEach(hedge -> budget.spend());
    }
}
