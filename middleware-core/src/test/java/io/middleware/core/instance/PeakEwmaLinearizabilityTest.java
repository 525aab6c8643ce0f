package io.middleware.core.instance;

import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that sample at the same time leave what they would leave one after the other. */
@Tag("slow")
@Param(name = "millis", gen = IntGen.class, conf = "1:9")
@Param(name = "second", gen = IntGen.class, conf = "1:3")
public final class PeakEwmaLinearizabilityTest {
    private final PeakEwma latency = new PeakEwma();

    @Operation
    public void sample(@Param(name = "millis") int millis, @Param(name = "second") int second) {
        latency.sample(TimeUnit.MILLISECONDS.toNanos(millis), TimeUnit.SECONDS.toNanos(second));
    }

    @Operation
    public void atLeast(@Param(name = "millis") int millis, @Param(name = "second") int second) {
        latency.atLeast(TimeUnit.MILLISECONDS.toNanos(millis), TimeUnit.SECONDS.toNanos(second));
    }

    @Operation
    public double nanos(@Param(name = "second") int second) {
        return latency.nanos(TimeUnit.SECONDS.toNanos(second));
    }

    @Operation
    public void forget() {
        latency.forget();
    }

    @Test
    void operationsOfThreads_haveAnOrder() {
        new ModelCheckingOptions().iterations(20).invocationsPerIteration(300).check(PeakEwmaLinearizabilityTest.class);
    }
}
