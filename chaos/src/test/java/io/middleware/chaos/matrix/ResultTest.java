package io.middleware.chaos.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.matrix.Fault.Setting;
import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is counted of a run, and what is held against it. */
class ResultTest {

    private static final long SECOND = 1_000_000;
    private static final Reply ANSWERED = new Reply("", "hello-service-1", "gateway-1", 1, "");

    private final List<CallRecord> calls = new ArrayList<>();
    private final Result normal = result(
            new Fault("0", "none", Goal.nothingLost(), Setting.USUAL, injector -> {}),
            Map.of(),
            new CallRecord(0, Kind.GRPC, 12_000, "n", ANSWERED));

    @Test
    void runThatLostNothingAndWasFastEnough_isNotShortOfItsGoal() {
        Result result = result(
                fault(Goal.slowest(10)),
                Map.of("s", 1),
                new CallRecord(0, Kind.GRPC, 22_000, "a", ANSWERED),
                new CallRecord(0, Kind.SIGN, 90_000, "s", ANSWERED));

        assertThat(result.shortOf(normal)).isEmpty();
        assertThat(result.broken()).isFalse();
    }

    @Test
    void callThatIsSlowerThanTheGoalAboveNormal_isShortOfItButNotBroken() {
        Result result = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.GRPC, 22_001, "a", ANSWERED));

        assertThat(result.shortOf(normal)).containsExactly("slower than 10 ms above normal");
        assertThat(result.broken()).isFalse();
    }

    @Test
    void lostCall_breaksIt() {
        Result result = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.HTTP, 1, "a", failed("503")));

        assertThat(result.shortOf(normal)).containsExactly("1 lost");
        assertThat(result.broken()).isTrue();
    }

    @Test
    void signatureThatMayNotBeRepeated_mayBeLostButNotRunTwiceOrVanish() {
        Result result = result(
                fault(Goal.nothingLost()),
                Map.of("twice", 2, "once", 1),
                new CallRecord(0, Kind.SIGN, 1, "once", ANSWERED),
                new CallRecord(0, Kind.SIGN, 1, "twice", ANSWERED),
                new CallRecord(0, Kind.SIGN, 1, "vanished", ANSWERED),
                new CallRecord(0, Kind.SIGN, 1, "lost", failed("UNAVAILABLE: it may have run")));

        assertThat(result.signatures()).isEqualTo(new Signatures(4, 1, 1, 0, 1, 1));
        assertThat(result.shortOf(normal)).containsExactly("1 ran twice", "1 answered but not executed");
        assertThat(result.broken()).isTrue();
    }

    @Test
    void lostSignatureThatRan_isToldThatItMayHave_orWasLateForItsCaller() {
        Map<String, Integer> books = Map.of("told", 1, "cancelled", 1, "late", 1, "wrong word", 1, "wrong code", 1);
        CallRecord[] lost = {
            new CallRecord(
                    0,
                    Kind.SIGN,
                    1,
                    "told",
                    failed("UNAVAILABLE: ... not retried: it may already have run and is not idempotent")),
            new CallRecord(
                    0,
                    Kind.SIGN,
                    1,
                    "cancelled",
                    failed("CANCELLED: ... not retried: it may already have run and is not idempotent")),
            new CallRecord(0, Kind.SIGN, 1, "late", failed("DEADLINE_EXCEEDED: after 15 s")),
            new CallRecord(0, Kind.SIGN, 1, "wrong word", failed("UNAVAILABLE: gone")),
            new CallRecord(0, Kind.SIGN, 1, "wrong code", failed("INTERNAL: it may have run")),
            new CallRecord(0, Kind.SIGN, 1, "never ran", failed("UNAVAILABLE: gone"))
        };
        Result result = result(fault(Goal.nothingLost()), books, lost);

        assertThat(result.signatures()).isEqualTo(new Signatures(6, 6, 2, 2, 0, 0));
        assertThat(result.shortOf(normal))
                .containsExactly("2 lost although executed, and not reported as possibly executed");
        assertThat(result.broken()).isFalse();
        Fault refusing = new Fault("15", "overload", Goal.nothingLost(), Setting.USUAL, injector -> {});
        assertThat(result(refusing, books, lost).shortOf(normal)).isEmpty();
    }

    @Test
    void secondary_hasToAnswerWhereNobodyElseIs_andToSaySo() {
        Goal goal = Goal.nothingLost().servedBySecondary();
        CallRecord said = new CallRecord(0, Kind.GRPC, 1, "a", new Reply("", "hello-secondary-1", "g", 1, "secondary"));
        CallRecord unsaid = new CallRecord(0, Kind.GRPC, 1, "b", new Reply("", "hello-secondary-1", "g", 1, ""));
        CallRecord primary = new CallRecord(0, Kind.GRPC, 1, "c", ANSWERED);

        assertThat(result(fault(goal), Map.of(), said, primary).shortOf(normal)).isEmpty();
        assertThat(result(fault(goal), Map.of(), primary).shortOf(normal))
                .containsExactly("no response of a secondary");
        assertThat(result(fault(goal), Map.of(), said, unsaid).shortOf(normal))
                .containsExactly("1 answered by a secondary without saying so");
        assertThat(result(fault(Goal.nothingLost()), Map.of(), primary).shortOf(normal))
                .isEmpty();
    }

    @Test
    void otherGoals_areOfTheirOwnFigures() {
        CallRecord slow = new CallRecord(0, Kind.GRPC, 51_000, "a", new Reply("", "i", "g", 2, ""));

        assertThat(result(fault(Goal.p999(50)), Map.of(), slow).shortOf(normal)).containsExactly("p99.9 over 50 ms");
        assertThat(result(fault(Goal.attempts(1.2)), Map.of(), slow).shortOf(normal))
                .containsExactly("not under 1.2 attempts a call");
        assertThat(result(fault(Goal.p999(60)), Map.of(), slow).shortOf(normal)).isEmpty();
    }

    @Test
    void refusedCalls_areNotLostWhileTheLoadIsTooMuch_andAreAfterwards() {
        Window calls = new Window(List.of(
                new CallRecord(SECOND, Kind.GRPC, 5_000, "a", failed("RESOURCE_EXHAUSTED: full")),
                new CallRecord(2 * SECOND, Kind.HTTP, 7_000, "b", failed("429: full")),
                new CallRecord(2 * SECOND, Kind.HTTP, 7_000, "c", failed("503: gone")),
                new CallRecord(2 * SECOND, Kind.GRPC, 900_000, "d", ANSWERED),
                new CallRecord(2 * SECOND, Kind.SIGN, 900_000, "s", ANSWERED)));

        Overload overload = Overload.of(calls, SECOND, 4 * SECOND, 4 * SECOND);

        assertThat(overload).isEqualTo(new Overload(1, 2, 7_000, true));
        assertThat(overloaded(calls, overload).lost()).isOne();
        CallRecord late = new CallRecord(5 * SECOND, Kind.GRPC, 5_000, "e", failed("RESOURCE_EXHAUSTED: full"));
        Window withLate = new Window(
                Stream.concat(calls.calls().stream(), Stream.of(late)).toList());
        assertThat(Overload.of(withLate, SECOND, 4 * SECOND, 4 * SECOND)).isEqualTo(new Overload(1, 2, 7_000, false));
    }

    @Test
    void overloadThatWasNotServed_notRefusedAtOnce_orNotOverInTime_isShortOfItsGoal() {
        Window served = new Window(List.of(new CallRecord(0, Kind.GRPC, 1, "a", ANSWERED)));

        assertThat(overloaded(served, new Overload(216, 9, 100_000, true)).shortOf(normal))
                .isEmpty();
        Result poor = overloaded(served, new Overload(215, 0, 100_001, false));
        assertThat(poor.shortOf(normal))
                .containsExactly(
                        "less than 216 served a second", "not refused at once", "not normal a second after it");
        assertThat(poor.broken()).isFalse();
    }

    @Test
    void serverThatFailsItsCalls_mayReachAShareOfThem() {
        CallRecord[] records = new CallRecord[50];
        Arrays.setAll(records, i -> new CallRecord(0, Kind.GRPC, 1, "call " + i, ANSWERED));
        records[0] = new CallRecord(0, Kind.HTTP, 1, "a", failed("500 internal: by a fault"));
        Fault fault = fault(Goal.failing(0.02));

        Result within = result(fault, Map.of(), records);
        assertThat(within.shortOf(normal)).isEmpty();
        assertThat(within.lost()).isZero();
        assertThat(new MatrixReport(normal, List.of(within), List.of()).markdown())
                .contains("| 2 % failed |", "| 1 failed |");

        records[1] = new CallRecord(0, Kind.GRPC, 1, "b", failed("INTERNAL: by a fault"));
        assertThat(result(fault, Map.of(), records).shortOf(normal))
                .containsExactly("more than 2 % got the server's error");
        assertThat(result(fault, Map.of(), records).broken()).isFalse();

        records[2] = new CallRecord(0, Kind.GRPC, 1, "c", failed("UNAVAILABLE: gone"));
        assertThat(result(fault, Map.of(), records).lost()).isOne();
        assertThat(result(fault(Goal.nothingLost()), Map.of(), records).lost())
                .as("where that is not the fault")
                .isEqualTo(3);
    }

    @Test
    void report_hasARowForEachFaultInBothForms() {
        Result lost = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.HTTP, 1, "a", failed("503")));
        MatrixReport report = new MatrixReport(normal, List.of(lost), List.of());

        assertThat(report.markdown().lines()).hasSize(4).allMatch(line -> line.startsWith("|") && line.endsWith("|"));
        assertThat(report.markdown()).contains("| 1 | a fault | 1 | 1 |").contains("1 lost");
        assertThat(report.json()).contains("\"lostBecause\" : [ \"503\" ]").contains("\"id\" : \"0\"");
        assertThat(new Verdict(report).good()).isFalse();
    }

    @Test
    void report_tellsWhatIsNotUsualOfTheStack() {
        MatrixReport report = new MatrixReport(normal, List.of(), List.of("5 primaries instead of 3 primaries"));

        assertThat(report.markdown()).startsWith("Not as usual: 5 primaries instead of 3 primaries.\n\n| # |");
        assertThat(report.json()).contains("\"notAsUsual\" : [ \"5 primaries instead of 3 primaries\" ]");
    }

    @Test
    void faults_haveAnIdOfTheirOwn() {
        assertThat(Faults.ALL).extracting(Fault::id).doesNotHaveDuplicates();
        assertThat(Faults.ALL)
                .extracting(Fault::number)
                .isSubsetOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
    }

    private Result result(Fault fault, Map<String, Integer> books, CallRecord... records) {
        calls.clear();
        calls.addAll(List.of(records));
        Window window = new Window(List.copyOf(calls));
        return new Result(
                fault,
                window.idempotent(),
                Signatures.of(window, books),
                Fallbacks.of(window, Set.of("hello-secondary-1")),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Overload.NONE);
    }

    private static Result overloaded(Window calls, Overload overload) {
        return new Result(
                fault(Goal.served(216)),
                calls.idempotent(),
                Signatures.of(calls, Map.of("s", 1)),
                new Fallbacks(0, 0),
                OptionalLong.empty(),
                OptionalLong.empty(),
                overload);
    }

    private static Fault fault(Goal goal) {
        return new Fault("1", "a fault", goal, Setting.USUAL, injector -> {});
    }

    private static Reply failed(String error) {
        return new Reply(error, "", "", 0, "");
    }
}
