package io.middleware.chaos.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.matrix.Fault.Setting;
import io.middleware.chaos.measure.FakeLoad;
import io.middleware.chaos.measure.Loads;
import io.middleware.chaos.measure.RecoveryTimes;
import io.middleware.chaos.stack.FakeClock;
import io.middleware.chaos.stack.FakeStack;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MatrixTest {

    private static final List<String> NORMAL_AGAIN = List.of(
            "fault hello-service-1 none",
            "fault hello-service-2 none",
            "fault hello-service-3 none",
            "fault hello-secondary-1 none");

    private final FakeClock clock = new FakeClock();
    private final FakeStack stack = new FakeStack(clock);
    private final RecoveryTimes recoveryTimes =
            new RecoveryTimes(FakeStack.parts(), (instance, since) -> OptionalLong.empty(), clock);
    private final Loads loads = new Loads(callers -> new FakeLoad(clock), clock, Duration.ZERO);
    private final Matrix matrix = new Matrix(Matrix.Phases.SHORT, stack, loads, recoveryTimes, servers -> Map.of());

    @Test
    void serversThatTakeLonger_doSoAfterARestartToo() throws InterruptedException {
        matrix.play(row("10w"));

        assertThat(stack.commands)
                .containsSubsequence(
                        "fault hello-service-1 slow=50ms",
                        "restart hello-service-1",
                        "fault hello-service-1 slow=50ms",
                        "restart hello-service-2",
                        "fault hello-service-2 slow=50ms");
        assertThat(stack.commands).endsWith(NORMAL_AGAIN.toArray(String[]::new));
    }

    @Test
    void serversThatTakeLonger_doSoAfterTheyWereKilledAndStartedToo() throws InterruptedException {
        matrix.play(row("8w"));

        assertThat(stack.commands)
                .containsSubsequence(
                        "kill hello-service-1",
                        "start hello-service-1",
                        "fault hello-service-1 slow=50ms",
                        "start hello-service-2",
                        "fault hello-service-2 slow=50ms");
    }

    @Test
    void usualServers_areNotMadeToFail() throws InterruptedException {
        matrix.play(row("1"));

        assertThat(stack.commands).containsExactly("kill hello-service-1", "start hello-service-1");
    }

    @Test
    void signatures_areReadFromTheBookOfAllServers_orElseFromEachServer() throws InterruptedException {
        assertThat(booksReadWith(FakeStack.partsWithDatabase())).containsExactly("hello-service-1");
        assertThat(booksReadWith(FakeStack.parts()))
                .containsExactly("hello-service-1", "hello-service-2", "hello-service-3", "hello-secondary-1");
    }

    private List<String> booksReadWith(Parts parts) throws InterruptedException {
        List<String> read = new ArrayList<>();
        RecoveryTimes times = new RecoveryTimes(parts, (instance, since) -> OptionalLong.empty(), clock);
        new Matrix(Matrix.Phases.SHORT, stack, loads, times, servers -> {
                    servers.forEach(server -> read.add(server.name()));
                    return Map.of();
                })
                .play(row("1"));
        return read;
    }

    @Test
    void databaseThatIsNotThere_cannotFail() throws InterruptedException {
        assertThatThrownBy(() -> matrix.play(row("18"))).isInstanceOf(Stack.NotPossibleException.class);
        assertThat(stack.commands).isEmpty();
    }

    @Test
    void rowThatFails_leavesNothingBrokenAndNobodySlow() {
        Fault fails = new Fault("1", "fails", Goal.nothingLost(), Setting.IN_FLIGHT, injector -> {
            injector.breakPart("hello-service-1", "pause", "resume");
            injector.breakPart("hello-service-2", "kill", "start");
        });
        stack.refuses = "kill";

        assertThatThrownBy(() -> matrix.play(fails)).isInstanceOf(Stack.StackException.class);
        assertThat(stack.commands)
                .containsSequence("resume hello-service-1", "start hello-service-2")
                .endsWith(NORMAL_AGAIN.toArray(String[]::new));
    }

    @Test
    void serverThatIsGone_doesNotKeepTheOthersSlow() {
        stack.refuses = "fault hello-service-1 none";

        assertThatThrownBy(() -> matrix.play(row("1w"))).hasMessageContaining("was refused");
        assertThat(stack.commands).endsWith(NORMAL_AGAIN.toArray(String[]::new));
    }

    private static Fault row(String id) {
        return Faults.ALL.stream()
                .filter(fault -> fault.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
