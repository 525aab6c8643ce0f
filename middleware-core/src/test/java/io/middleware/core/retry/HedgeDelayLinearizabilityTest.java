package io.middleware.core.retry;

import io.middleware.core.Settings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A delay that is read while others count and compute may be the one before, as intended, but is always one of the method's
 * responses or a bound. Under stress: the loops over buckets are too long for the model checker.
 */
@Tag("slow")
@Param(name = "second", gen = IntGen.class, conf = "1:9")
public final class HedgeDelayLinearizabilityTest {
    private static final Settings.Hedge SETTINGS =
            new Settings.Hedge(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(100));

    private final HedgeDelay delay = new HedgeDelay(SETTINGS, 0);

    public HedgeDelayLinearizabilityTest() {
        IntStream.range(0, HedgeDelay.ENOUGH).forEach(i -> respond());
    }

    @Operation
    public void respond() {
        delay.answered(TimeUnit.MILLISECONDS.toNanos(70));
    }

    @Operation
    public boolean isKnown(@Param(name = "second") int second) {
        long nanos = delay.nanos(TimeUnit.SECONDS.toNanos(second));
        boolean computed = nanos > TimeUnit.MILLISECONDS.toNanos(70) && nanos < TimeUnit.MILLISECONDS.toNanos(80);
        return computed || nanos == SETTINGS.initialDelay().toNanos();
    }

    @Test
    void operationsOfThreads_haveAnOrder() {
        new StressOptions().iterations(20).invocationsPerIteration(300).check(HedgeDelayLinearizabilityTest.class);
    }
}
