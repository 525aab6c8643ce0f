package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.ResultFixture.NORMAL;
import static io.middleware.chaos.matrix.ResultFixture.SUCCEEDED;
import static io.middleware.chaos.matrix.ResultFixture.failed;
import static io.middleware.chaos.matrix.ResultFixture.fault;
import static io.middleware.chaos.matrix.ResultFixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.matrix.Fault.Setting;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The figures of a row, and the goals that it missed. */
class ResultTest {

    @Test
    void runThatLostNothingAndWasFastEnough_isNotShortOfItsGoal() {
        Result result = result(
                fault(Goal.slowest(10)),
                Map.of("s", 1),
                new CallRecord(0, Kind.GRPC, 22_000, "a", SUCCEEDED),
                new CallRecord(0, Kind.SIGN, 90_000, "s", SUCCEEDED));

        assertThat(result.shortOf(NORMAL)).isEmpty();
        assertThat(result.broken()).isFalse();
    }

    @Test
    void callThatIsSlowerThanTheGoalAboveNormal_isShortOfItButNotBroken() {
        Result result = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.GRPC, 22_001, "a", SUCCEEDED));

        assertThat(result.shortOf(NORMAL)).containsExactly("slower than 10 ms above normal");
        assertThat(result.broken()).isFalse();
    }

    @Test
    void lostCall_breaksIt() {
        Result result = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.HTTP, 1, "a", failed("503")));

        assertThat(result.shortOf(NORMAL)).containsExactly("1 lost");
        assertThat(result.broken()).isTrue();
    }

    @Test
    void nonIdempotentSignature_mayBeLostButNotRunTwiceOrVanish() {
        Result result = result(
                fault(Goal.nothingLost()),
                Map.of("twice", 2, "once", 1),
                new CallRecord(0, Kind.SIGN, 1, "once", SUCCEEDED),
                new CallRecord(0, Kind.SIGN, 1, "twice", SUCCEEDED),
                new CallRecord(0, Kind.SIGN, 1, "vanished", SUCCEEDED),
                new CallRecord(0, Kind.SIGN, 1, "lost", failed("UNAVAILABLE: it may have run")));

        assertThat(result.signatures()).isEqualTo(new Signatures(4, 1, 1, 0, 1, 1));
        assertThat(result.shortOf(NORMAL)).containsExactly("1 ran twice", "1 answered but not executed");
        assertThat(result.broken()).isTrue();
    }

    @Test
    void signatureWithAKey_mayNeitherBeLostNorRunTwice() {
        CallRecord[] signed = {
            new CallRecord(0, Kind.KEYED, 1, "once", SUCCEEDED),
            new CallRecord(0, Kind.KEYED, 1, "twice", SUCCEEDED),
            new CallRecord(0, Kind.KEYED, 1, "lost", failed("UNAVAILABLE: it may have run"))
        };
        Map<String, Integer> book = Map.of("once", 1, "twice", 2, "lost", 1);
        Result result = result(fault(Goal.nothingLost()), book, signed);

        assertThat(result.keyed()).isEqualTo(new Signatures(3, 1, 1, 0, 1, 0));
        assertThat(result.signatures().calls()).isZero();
        assertThat(result.shortOf(NORMAL)).containsExactly("1 with a key lost", "1 ran twice");
        assertThat(result.broken()).isTrue();
        Fault refusing = new Fault("15", "overload", Goal.nothingLost(), Setting.USUAL, injector -> {});
        assertThat(result(refusing, book, signed[2]).broken()).isFalse();
    }

    @Test
    void lostSignatureThatRan_isReportedAsPossiblyExecuted_orWasLateForItsCaller() {
        Map<String, Integer> books = Map.of("reported", 1, "cancelled", 1, "late", 1, "wrong text", 1, "wrong code", 1);
        CallRecord[] lost = {
            new CallRecord(
                    0,
                    Kind.SIGN,
                    1,
                    "reported",
                    failed("UNAVAILABLE: ... not retried: it may already have run and is not idempotent")),
            new CallRecord(
                    0,
                    Kind.SIGN,
                    1,
                    "cancelled",
                    failed("CANCELLED: ... not retried: it may already have run and is not idempotent")),
            new CallRecord(0, Kind.SIGN, 1, "late", failed("DEADLINE_EXCEEDED: after 15 s")),
            new CallRecord(0, Kind.SIGN, 1, "wrong text", failed("UNAVAILABLE: gone")),
            new CallRecord(0, Kind.SIGN, 1, "wrong code", failed("INTERNAL: it may have run")),
            new CallRecord(0, Kind.SIGN, 1, "never ran", failed("UNAVAILABLE: gone"))
        };
        Result result = result(fault(Goal.nothingLost()), books, lost);

        assertThat(result.signatures()).isEqualTo(new Signatures(6, 6, 2, 2, 0, 0));
        assertThat(result.shortOf(NORMAL))
                .containsExactly("2 lost although executed, and not reported as possibly executed");
        assertThat(result.broken()).isFalse();
        Fault refusing = new Fault("15", "overload", Goal.nothingLost(), Setting.USUAL, injector -> {});
        assertThat(result(refusing, books, lost).shortOf(NORMAL)).isEmpty();
    }

    @Test
    void secondary_mustRespondWhereNoOtherInstanceIs_andSaySo() {
        Goal goal = Goal.nothingLost().servedBySecondary();
        CallRecord said = new CallRecord(0, Kind.GRPC, 1, "a", new Reply("", "hello-secondary-1", "g", 1, "secondary"));
        CallRecord unsaid = new CallRecord(0, Kind.GRPC, 1, "b", new Reply("", "hello-secondary-1", "g", 1, ""));
        CallRecord primary = new CallRecord(0, Kind.GRPC, 1, "c", SUCCEEDED);

        assertThat(result(fault(goal), Map.of(), said, primary).shortOf(NORMAL)).isEmpty();
        assertThat(result(fault(goal), Map.of(), primary).shortOf(NORMAL))
                .containsExactly("no response of a secondary");
        assertThat(result(fault(goal), Map.of(), said, unsaid).shortOf(NORMAL))
                .containsExactly("1 answered by a secondary without saying so");
        assertThat(result(fault(Goal.nothingLost()), Map.of(), primary).shortOf(NORMAL))
                .isEmpty();
    }

    @Test
    void otherGoals_areOfTheirOwnFigures() {
        CallRecord slow = new CallRecord(0, Kind.GRPC, 51_000, "a", new Reply("", "i", "g", 2, ""));

        assertThat(result(fault(Goal.p999(50)), Map.of(), slow).shortOf(NORMAL)).containsExactly("p99.9 over 50 ms");
        assertThat(result(fault(Goal.attempts(1.2)), Map.of(), slow).shortOf(NORMAL))
                .containsExactly("not under 1.2 attempts a call");
        assertThat(result(fault(Goal.p999(60)), Map.of(), slow).shortOf(NORMAL)).isEmpty();
    }

    @Test
    void serverThatFailsItsCalls_mayReachAShareOfThem() {
        CallRecord[] records = new CallRecord[50];
        Arrays.setAll(records, i -> new CallRecord(0, Kind.GRPC, 1, "call " + i, SUCCEEDED));
        records[0] = new CallRecord(0, Kind.HTTP, 1, "a", failed("500 internal: by a fault"));
        Fault fault = fault(Goal.failing(0.02));

        Result within = result(fault, Map.of(), records);
        assertThat(within.shortOf(NORMAL)).isEmpty();
        assertThat(within.lost()).isZero();
        assertThat(new MatrixReport(NORMAL, List.of(within), List.of()).markdown())
                .contains("| 2 % failed |", "| 1 failed |");

        records[1] = new CallRecord(0, Kind.GRPC, 1, "b", failed("INTERNAL: by a fault"));
        assertThat(result(fault, Map.of(), records).shortOf(NORMAL))
                .containsExactly("more than 2 % got the server's error");
        assertThat(result(fault, Map.of(), records).broken()).isFalse();

        records[2] = new CallRecord(0, Kind.GRPC, 1, "c", failed("UNAVAILABLE: gone"));
        assertThat(result(fault, Map.of(), records).lost()).isOne();
        assertThat(result(fault(Goal.nothingLost()), Map.of(), records).lost())
                .as("where that is not the fault")
                .isEqualTo(3);
    }
}
