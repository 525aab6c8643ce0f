package io.middleware.core.retry;

import io.middleware.core.Settings;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that withdraw at the same time never get more than was deposited. */
@Tag("slow")
public final class RetryBudgetLinearizabilityTest {
    private final RetryBudget budget = new RetryBudget(new Settings.Budget(0.5, 0, 100), () -> 0);

    @Operation
    public void deposit() {
        budget.deposit();
    }

    @Operation
    public boolean withdraw() {
        return budget.withdraw();
    }

    @Operation
    public double left() {
        return budget.left();
    }

    @Test
    void operationsOfThreads_haveAnOrder() {
        new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(300)
                .check(RetryBudgetLinearizabilityTest.class);
    }
}
