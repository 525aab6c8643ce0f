package io.middleware.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Settings;
import io.middleware.core.fixture.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final ManualTime time = new ManualTime();

    @Test
    void startsWithTenSecondsOfTheFloor() {
        assertThat(withdrawn(budget(0.2, 10, 500), 1_000)).isEqualTo(100);
    }

    @Test
    void startsWithItsCapacityAtMost() {
        assertThat(withdrawn(budget(0.2, 10, 30), 1_000)).isEqualTo(30);
    }

    @Test
    void calls_earnTheirShare() {
        RetryBudget budget = budget(0.2, 0, 500);
        deposit(budget, 4);
        assertThat(budget.withdraw()).isFalse();
        deposit(budget, 1);
        assertThat(budget.withdraw()).isTrue();
        assertThat(budget.withdraw()).isFalse();
        deposit(budget, 1_000);
        assertThat(withdrawn(budget, 1_000)).isEqualTo(200);
    }

    @Test
    void ratioOfNothing_earnsNothing() {
        RetryBudget budget = budget(0, 0, 500);
        deposit(budget, 100_000);
        assertThat(budget.withdraw()).isFalse();
    }

    @Test
    void floor_comesWithTime() {
        RetryBudget budget = budget(0, 10, 500);
        withdrawn(budget, 1_000);
        time.advance(Duration.ofMillis(99));
        assertThat(budget.withdraw()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(budget.withdraw()).isTrue();
        time.advance(Duration.ofSeconds(3));
        assertThat(withdrawn(budget, 1_000)).isEqualTo(30);
    }

    @Test
    void floor_losesNothingToFrequentLooks() {
        RetryBudget budget = budget(0, 1, 500);
        withdrawn(budget, 1_000);
        int repeats = 0;
        for (int i = 0; i < 100_000; i++) {
            time.advance(Duration.ofNanos(100_000));
            repeats += budget.withdraw() ? 1 : 0;
        }
        assertThat(repeats).isBetween(9, 10);
    }

    @Test
    void savesUpToItsCapacity_byCallsAndByTime() {
        RetryBudget budget = budget(1, 10, 50);
        deposit(budget, 10_000);
        time.advance(Duration.ofHours(10));
        assertThat(withdrawn(budget, 1_000)).isBetween(50, 51);
    }

    @Test
    void left_countsTheTimeThatPassed() {
        RetryBudget budget = budget(0, 10, 500);
        withdrawn(budget, 1_000);
        time.advance(Duration.ofSeconds(2));
        assertThat(budget.left()).isEqualTo(20);
    }

    @Test
    void hugeFloor_doesNotOverflow() {
        RetryBudget budget = budget(0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        time.advance(Duration.ofDays(365));
        assertThat(budget.withdraw()).isTrue();
        assertThat(budget.left()).isBetween(Integer.MAX_VALUE - 1.0, (double) Integer.MAX_VALUE);
    }

    @Test
    void manyThreads_neverOverdrawIt() throws InterruptedException {
        RetryBudget budget = budget(0, 10, 500);
        AtomicInteger withdrawn = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> withdrawn.addAndGet(withdrawn(budget, 1_000))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(withdrawn.get()).isEqualTo(100);
        assertThat(budget.left()).isZero();
    }

    private RetryBudget budget(double ratio, int floor, int capacity) {
        return new RetryBudget(new Settings.Budget(ratio, floor, capacity), time);
    }

    private static void deposit(RetryBudget budget, int calls) {
        for (int i = 0; i < calls; i++) {
            budget.deposit();
        }
    }

    private static int withdrawn(RetryBudget budget, int tries) {
        int withdrawn = 0;
        for (int i = 0; i < tries; i++) {
            withdrawn += budget.withdraw() ? 1 : 0;
        }
        return withdrawn;
    }
}
