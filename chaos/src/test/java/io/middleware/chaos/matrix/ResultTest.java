package io.middleware.chaos.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import io.middleware.chaos.Window;
import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.matrix.Fault.Setting;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import org.junit.jupiter.api.Test;

/** What is counted of a run, and what is held against it. */
class ResultTest {

    private static final Reply ANSWERED = new Reply("", "hello-service-1", "gateway-1", 1, "");

    private final List<CallRecord> calls = new ArrayList<>();
    private final Result normal = result(new Fault("0", "none", Goal.nothingLost(), Setting.USUAL, stage -> { }), Map.of(),
            new CallRecord(0, Kind.GRPC, 12_000, "n", ANSWERED));

    @Test
    void runThatLostNothingAndWasFastEnough_isNotShortOfItsGoal() {
        Result result = result(fault(Goal.slowest(10)), Map.of("s", 1), new CallRecord(0, Kind.GRPC, 22_000, "a", ANSWERED),
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
        Result result = result(fault(Goal.nothingLost()), Map.of("twice", 2, "once", 1),
                new CallRecord(0, Kind.SIGN, 1, "once", ANSWERED), new CallRecord(0, Kind.SIGN, 1, "twice", ANSWERED),
                new CallRecord(0, Kind.SIGN, 1, "vanished", ANSWERED),
                new CallRecord(0, Kind.SIGN, 1, "lost", failed("UNAVAILABLE: it may have run")));

        assertThat(result.signatures()).isEqualTo(new Signatures(4, 1, 1, 1, 1));
        assertThat(result.shortOf(normal)).containsExactly("1 ran twice", "1 answered and not executed");
        assertThat(result.broken()).isTrue();
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
    void report_hasARowForEachFaultInBothForms() {
        Result lost = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.HTTP, 1, "a", failed("503")));
        MatrixReport report = new MatrixReport(normal, List.of(lost));

        assertThat(report.markdown().lines()).hasSize(4).allMatch(line -> line.startsWith("|") && line.endsWith("|"));
        assertThat(report.markdown()).contains("| 1 | a fault | 1 | 1 |").contains("1 lost");
        assertThat(report.json()).contains("\"lostBecause\" : [ \"503\" ]").contains("\"id\" : \"0\"");
    }

    @Test
    void faults_haveAnIdOfTheirOwn() {
        assertThat(Faults.ALL).extracting(Fault::id).doesNotHaveDuplicates();
        assertThat(Faults.ALL).extracting(Fault::number).isSubsetOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    }

    private Result result(Fault fault, Map<String, Integer> books, CallRecord... records) {
        calls.clear();
        calls.addAll(List.of(records));
        Window window = new Window(List.copyOf(calls));
        return new Result(fault, window.repeatable(), Signatures.of(window, books), OptionalLong.empty(), OptionalLong.empty(),
                Overload.NONE);
    }

    private static Fault fault(Goal goal) {
        return new Fault("1", "a fault", goal, Setting.USUAL, stage -> { });
    }

    private static Reply failed(String error) {
        return new Reply(error, "", "", 0, "");
    }
}
