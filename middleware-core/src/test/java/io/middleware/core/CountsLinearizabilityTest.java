package io.middleware.core;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that count at the same time lose nothing, and a reader sees each count grow by one. */
@Tag("slow")
public final class CountsLinearizabilityTest {
    private final Counts counts = new Counts();

    @Operation
    public void hedge() {
        counts.hedge(Counts.Hedge.WON);
    }

    @Operation
    public void eject() {
        counts.ejected(Counts.Cause.OUTLIER);
    }

    @Operation
    public long hedges() {
        return counts.hedges(Counts.Hedge.WON);
    }

    @Operation
    public long ejections() {
        return counts.ejections(Counts.Cause.OUTLIER);
    }

    @Test
    void operationsOfThreads_haveAnOrder() {
        new StressOptions().iterations(5).invocationsPerIteration(200).check(CountsLinearizabilityTest.class);
    }
}
