package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.ResultFixture.NORMAL;
import static io.middleware.chaos.matrix.ResultFixture.SUCCEEDED;
import static io.middleware.chaos.matrix.ResultFixture.failed;
import static io.middleware.chaos.matrix.ResultFixture.overloaded;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.measure.Loads.Callers;
import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What counts as served and as refused under overload. */
class OverloadTest {

    private static final long SECOND = 1_000_000;

    @Test
    void refusedCalls_areNotLostWhileTheLoadIsTooMuch_andAreAfterwards() {
        Window calls = new Window(List.of(
                new CallRecord(SECOND, Kind.GRPC, 5_000, "a", failed("RESOURCE_EXHAUSTED: full")),
                new CallRecord(2 * SECOND, Kind.HTTP, 7_000, "b", failed("429: full")),
                new CallRecord(2 * SECOND, Kind.HTTP, 7_000, "c", failed("503: gone")),
                new CallRecord(2 * SECOND, Kind.GRPC, 900_000, "d", SUCCEEDED),
                new CallRecord(2 * SECOND, Kind.SIGN, 900_000, "s", SUCCEEDED)));

        Overload overload = Overload.of(calls, Callers.PLAIN, SECOND, 4 * SECOND, 4 * SECOND);

        assertThat(overload).isEqualTo(new Overload(1, 2, 7_000, true, Priorities.ALIKE));
        assertThat(overloaded(calls, overload).lost()).isOne();
        CallRecord late = new CallRecord(5 * SECOND, Kind.GRPC, 5_000, "e", failed("RESOURCE_EXHAUSTED: full"));
        Window withLate = new Window(
                Stream.concat(calls.calls().stream(), Stream.of(late)).toList());
        assertThat(Overload.of(withLate, Callers.PLAIN, SECOND, 4 * SECOND, 4 * SECOND))
                .isEqualTo(new Overload(1, 2, 7_000, false, Priorities.ALIKE));
    }

    @Test
    void criticalCalls_areCountedByThemselves_andMostOfThemMustBeServed() {
        Window calls = new Window(List.of(
                new CallRecord(2 * SECOND, Kind.GRPC, 900_000, "0000000000000001", SUCCEEDED),
                new CallRecord(2 * SECOND, Kind.SIGN, 9_000, "0000000000000002", failed("RESOURCE_EXHAUSTED: full")),
                new CallRecord(2 * SECOND, Kind.HTTP, 9_000, "ffffffffffffffff", failed("429: full")),
                new CallRecord(9 * SECOND, Kind.GRPC, 9_000, "0000000000000003", failed("503: later"))));

        Overload overload = Overload.of(calls, new Callers(false, 0.33), SECOND, 4 * SECOND, 4 * SECOND);

        assertThat(overload.priorities()).isEqualTo(new Priorities(0.5, 0));
        assertThat(overload.shortOf(Fault.Goal.served(0.1).critical(0.5), Texts.ENGLISH))
                .doesNotContain("less than 50 % of the critical served");
        assertThat(overload.shortOf(Fault.Goal.served(0.1).critical(0.99), Texts.ENGLISH))
                .contains("less than 99 % of the critical served");
    }

    @Test
    void overloadThatWasNotServed_notRefusedAtOnce_orNotOverInTime_isShortOfItsGoal() {
        Window served = new Window(List.of(new CallRecord(0, Kind.GRPC, 1, "a", SUCCEEDED)));

        assertThat(overloaded(served, new Overload(216, 9, 100_000, true, Priorities.ALIKE))
                        .shortOf(NORMAL))
                .isEmpty();
        Result poor = overloaded(served, new Overload(215, 0, 100_001, false, Priorities.ALIKE));
        assertThat(poor.shortOf(NORMAL))
                .containsExactly(
                        "less than 216 served a second", "not refused at once", "not normal a second after it");
        assertThat(poor.broken()).isFalse();
    }
}
