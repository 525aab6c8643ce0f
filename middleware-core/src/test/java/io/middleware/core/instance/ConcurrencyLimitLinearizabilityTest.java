package io.middleware.core.instance;

import io.middleware.core.Settings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that begin and end calls at the same time are counted exactly, so that a limit neither drifts nor leaks. */
@Tag("slow")
public final class ConcurrencyLimitLinearizabilityTest {
    private final ConcurrencyLimit limit =
            new ConcurrencyLimit(new Settings.Limit(true, Duration.ofSeconds(1), 1, 1_000), () -> 0);

    @Operation
    public int begin() {
        return limit.begin();
    }

    @Operation
    public void end() {
        limit.end();
    }

    @Operation
    public void sample() {
        limit.sample(TimeUnit.MILLISECONDS.toNanos(1), 0, TimeUnit.SECONDS.toNanos(1), true, 0);
    }

    @Operation
    public boolean crowded() {
        return limit.crowded();
    }

    @Test
    void operationsOfThreads_haveAnOrder() {
        new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(300)
                .check(ConcurrencyLimitLinearizabilityTest.class);
    }
}
